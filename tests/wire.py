"""A visit to the app without a browser: Streamlit's own messages over its own WebSocket.

What is sent is what a browser sends, compared with the frames of one: an empty `rerun_script` when
the page is opened, and then, for a component, its whole state with the fragment it lies in.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 60  # s, for a run of the script to end
TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # of a component, by its id
KEPT = 20  # messages; what an earlier answer may still refer to among them
KEPT_RUNS = 2  # a browser forgets what it was sent before the last two runs; Streamlit tells it so


def go(visits, *given):
    """What a coroutine function returns; in a thread of its own: Playwright has a loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(visits(*given))).result()


class Visit:
    """One open page. Use `async with`.

    Attributes
    ----------
    parts
        What the page shows now: place on it -> element, the fragment it lies in, number of the run.
        Components of ours are found by their keys.
    received
        Bytes of the messages of the server, unpacked.
    """

    def __init__(self, address, *, query="", page=""):
        self.address, self.query, self.page = address, query, page
        self.on_element = lambda _element: None  # called with every element that arrives
        self.parts, self.received = {}, 0
        self._kept, self._ages = {}, count()
        self._script = ""
        self.heard = asyncio.Condition()
        self.ended = 0  # runs
        self._begun = 0

    async def __aenter__(self):
        where = self.address.replace("http", "ws", 1) + "_stcore/stream"
        self._wire = await connect(
            where,
            origin=self.address.rstrip("/"),
            subprotocols=["streamlit"],
            max_size=None,
            ping_interval=None,  # nor does a browser ask whether the server lives
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
        state.fragment_id = fragment
        state.page_name = "" if self._script else self.page
        state.widget_states.widgets.extend(widgets)
        fresh = (key for key, (*_, run) in self._kept.items() if self._begun - run < KEPT_RUNS)
        state.cached_message_hashes.extend(fresh)
        about = state.context_info
        about.timezone, about.timezone_offset, about.locale = "UTC", 0, "en-GB"
        about.url, about.is_embedded, about.color_scheme = self.address + self.page, False, "light"
        before = self.ended
        await self._wire.send(told.SerializeToString())
        if wait:
            await self.until(lambda: self.ended > before)

    async def tell(self, key, *, wait=True, **state):
        """What a component of ours tells Python with `setStateValue`."""
        element, fragment = self.found(key)
        told = WidgetState(id=element.id, json_value=json.dumps(state, separators=(",", ":")))
        await self.run(told, fragment=fragment, wait=wait)

    async def trigger(self, key, **events):
        """What a component of ours tells Python with `setTriggerValue`."""
        element, fragment = self.found(key)
        happened = [{"event": event, "value": value} for event, value in events.items()]
        told = WidgetState(id=TRIGGERS.format(element.id), json_trigger_value=json.dumps(happened))
        await self.run(told, fragment=fragment)

    async def until(self, true):
        """Wait until something holds; asked anew after every message of the server."""
        async with asyncio.timeout(PATIENCE), self.heard:
            await self.heard.wait_for(lambda: self._listener.done() or true())
        if self._listener.done():
            self._listener.result()  # what it fell over
            raise ConnectionError("The server has closed the connection.")

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
            self._script = self._script or message.new_session.page_script_hash
            self._begun = next(self._ages)
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return  # the page runs again by itself
            self.ended += 1
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:  # of the whole page
                now = self._begun
                self.parts = {at: one for at, one in self.parts.items() if one[2] == now}
        elif kind == "ref_hash":
            self._place(message, self._kept[message.ref_hash][0])
        elif kind == "delta":
            self._place(message, message.delta)

    def _place(self, message, delta):
        if message.metadata.cacheable:
            self._kept[message.hash] = delta, self._begun
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        if delta.WhichOneof("type") == "new_element":
            shown = delta.new_element, delta.fragment_id, self._begun
            self.parts[tuple(message.metadata.delta_path)] = shown
            self.on_element(delta.new_element)

    def found(self, key):
        """A component of ours, by its key: its message, and the fragment it lies in."""
        for element, fragment, _ in self.parts.values():
            if element.WhichOneof("type") == "bidi_component":
                told = element.bidi_component
                if told.id.endswith(f"-{key}"):
                    return told, fragment
        raise LookupError(f"{key!r} is not on the page.")

    def given(self, key):
        """What a component of ours was given last."""
        return json.loads(self.found(key)[0].json)
