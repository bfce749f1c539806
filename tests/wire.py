"""A visit to the app without a browser: Streamlit's own messages over its own WebSocket.

What is sent is what a browser sends, compared with the frames of one: an empty `rerun_script` when
the page is opened, and then, for a component, its whole state with the fragment it lies in.
"""

import asyncio
import json
from contextlib import suppress
from itertools import count

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 60  # s, for a run of the script to end
KEPT_RUNS = 2  # a browser forgets what it was sent before the last two runs; Streamlit tells it so


class Visit:
    """One open page. Use `async with`.

    Attributes
    ----------
    parts
        What the page shows now: place on it -> element. A component of ours is found by `part`.
    received
        Bytes of the messages of the server, unpacked.
    """

    def __init__(self, address, *, query="", page=""):
        self.address, self.query, self.page = address, query, page
        self.on_element = lambda _element: None  # called with every element that arrives
        self.parts, self.fragments, self.received = {}, {}, 0
        self._kept, self._ages = {}, count()
        self._script = ""
        self.heard = asyncio.Condition()
        self.ended = 0  # runs
        self._begun = 0

    async def __aenter__(self):
        where = self.address.replace("http", "ws", 1) + "_stcore/stream"
        self._wire = await connect(
            where, subprotocols=["streamlit"], max_size=None, ping_interval=None
        )
        self._listener = asyncio.create_task(self._listen())
        await self.run()
        return self

    async def __aexit__(self, *_):
        self._listener.cancel()
        await self._wire.close()

    # ---- what a browser sends

    async def run(self, *widgets, fragment="", wait=True):
        """Run the script, or a fragment of it, with the states of some widgets."""
        told = BackMsg()
        state = told.rerun_script
        state.query_string, state.page_script_hash = self.query, self._script
        state.fragment_id, state.page_name = fragment, self.page
        state.widget_states.widgets.extend(widgets)
        state.cached_message_hashes.extend(self._kept)
        about = state.context_info
        about.timezone, about.timezone_offset, about.locale = "UTC", 0, "en-GB"
        about.url, about.is_embedded, about.color_scheme = self.address + self.page, False, "light"
        before = self.ended
        await self._wire.send(told.SerializeToString())
        if wait:
            await self.until(lambda: self.ended > before)

    async def tell(self, component, *, wait=True, **state):
        """What a component of ours tells Python with `setStateValue`."""
        element, fragment = self.found(component)
        told = BackMsg().rerun_script.widget_states.widgets.add()
        told.id, told.json_value = element.id, json.dumps(state, separators=(",", ":"))
        await self.run(told, fragment=fragment, wait=wait)

    async def until(self, true):
        """Wait until something holds; asked anew after every message of the server."""
        async with asyncio.timeout(PATIENCE), self.heard:
            await self.heard.wait_for(true)

    # ---- what the server sends

    async def _listen(self):
        with suppress(ConnectionClosed):
            async for whole in self._wire:
                self.received += len(whole)
                self._take(ForwardMsg.FromString(whole))
                async with self.heard:
                    self.heard.notify_all()

    def _take(self, message):
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._script = message.new_session.page_script_hash
            self._begun = next(self._ages)
        elif kind == "script_finished":
            self.ended += 1
        elif kind == "ref_hash":
            self._place(message, self._kept[message.ref_hash][0])
        elif kind == "delta":
            self._place(message, message.delta)

    def _place(self, message, delta):
        if message.metadata.cacheable:
            fragment = delta.fragment_id
            self._kept[message.hash] = (delta, fragment, self._begun)
            old = [
                key
                for key, (_, other, run) in self._kept.items()
                if other == fragment and self._begun - run >= KEPT_RUNS
            ]
            for key in old:
                del self._kept[key]
        if delta.WhichOneof("type") == "new_element":
            self.parts[tuple(message.metadata.delta_path)] = (delta.new_element, delta.fragment_id)
            self.on_element(delta.new_element)

    def found(self, component):
        """A component of ours: its message, and the fragment it lies in."""
        for element, fragment in self.parts.values():
            if element.WhichOneof("type") == "bidi_component":
                told = element.bidi_component
                if told.component_name == component:
                    return told, fragment
        raise LookupError(component)

    def given(self, component):
        """What a component of ours was given last."""
        return json.loads(self.found(component)[0].json)
