"""Run by Alembic: the migrations go through the connection and the transaction they are given."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
