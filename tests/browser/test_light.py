"""The first view is light: what it takes over the wire, ours and Streamlit's, apart."""

import gzip
from collections import Counter

from reader import ROOT, Reader

MOST = 300_000  # bytes of our own data and scripts, compressed


def whose(address):
    """Which part a response belongs to."""
    for part in ("mcm_files", "mcm_leaflet", "st_folium"):
        if part in address:
            return part
    return "streamlit"


def test_the_first_view_takes_less_than_300_kb_of_our_own_over_the_wire(
    free: Reader, record_property
):
    reader = free
    responses, extensions = [], []
    reader.page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 -- Playwright marks what it is given
    wire = reader.page.context.new_cdp_session(reader.page)
    wire.send("Network.enable")
    wire.on(
        "Network.webSocketHandshakeResponseReceived",
        lambda event: extensions.append(
            {name.lower(): value for name, value in event["response"]["headers"].items()}.get(
                "sec-websocket-extensions", ""
            )
        ),
    )
    reader.open()
    reader.rest()
    taken = Counter()
    for response in responses:
        taken[whose(response.url)] += response.request.sizes()["responseBodySize"]
    # The components and their data come by the websocket, message by message, which deflates them.
    assert extensions
    assert all("permessage-deflate" in extension for extension in extensions)
    taken["messages"] = sum(len(gzip.compress(message)) for message in reader.received)
    own = sum(taken[part] for part in ("mcm_files", "mcm_leaflet", "st_folium", "messages"))
    told = [
        f"{'ours, Leaflet and streamlit-folium together':48}{own / 1000:6.0f} kB",
        f"{'  data of every day, and scripts of the map':48}{taken['mcm_files'] / 1000:6.0f} kB",
        f"{'  Leaflet':48}{taken['mcm_leaflet'] / 1000:6.0f} kB",
        f"{'  the frame of streamlit-folium':48}{taken['st_folium'] / 1000:6.0f} kB",
        f"{'  components, texts and answers (messages)':48}{taken['messages'] / 1000:6.0f} kB",
        f"{'Streamlit itself, kept by the browser':48}{taken['streamlit'] / 1000:6.0f} kB",
    ]
    path = ROOT / "tests" / "output" / "first-view.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    record_property("bytes of the first view, our own", own)
    assert taken["mcm_files"] > 50_000  # what is measured is there
    assert own < MOST, "\n".join(told)
