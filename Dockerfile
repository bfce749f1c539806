# The app with its store of uploaded layers: see docs/operations.md, Container.
FROM python:3.11-slim-bookworm

# pg_dump and pg_restore, for the backup of a store on PostgreSQL; a font for pictures.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client=15+* fonts-dejavu-core=2.* \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt requirements-scale.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt --requirement requirements-scale.txt

COPY app.py pyproject.toml LICENSE ./
COPY .streamlit ./.streamlit
COPY geo ./geo
COPY layers ./layers

RUN useradd --create-home --uid 10001 map && install -d -o map -m 700 /store /cache
USER 10001
ENV MALI_CONTROL_STORE=/store MALI_CONTROL_CACHE=/cache PYTHONUNBUFFERED=1
VOLUME /store
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "geo", "serve", "--address", "0.0.0.0", "--port", "8501"]
