"""What a page says, wherever it is written, and in which of the two languages."""

import io
import re

from babel.messages import pofile
from reader import ROOT

from geo.languages import FRENCH

CATALOGUE = ROOT / "geo" / "locale" / "fr" / "LC_MESSAGES" / "messages.po"
# Every text that is shown or read aloud, in the page, its shadow roots and the map's frame.
WRITTEN = """() => {
    const said = [];
    const inside = (root) => {
        for (const node of root.childNodes) {
            if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent.trim());
            if (node.nodeType !== Node.ELEMENT_NODE || ["STYLE", "SCRIPT"].includes(node.tagName)) {
                continue;
            }
            for (const name of ["title", "aria-label", "aria-valuetext", "placeholder", "alt"]) {
                said.push(node.getAttribute(name) ?? "");
            }
            if (node.shadowRoot) inside(node.shadowRoot);
            inside(node);
        }
    };
    inside(document);
    return [document.title, ...said].filter(Boolean);
}"""
MAP_SAYS = """() => [
    ...Object.values(mcmOverlay._data.text),
    ...mcmOverlay._data.states.filter(Boolean).flatMap((state) => [state.label, state.legend]),
    ...mcmOverlay._data.events.map((event) => event.title),
]"""
GAP = r"[\s\S]*?"
FILLED = re.compile(r"\{\w+\}")


def phrases(language):
    """Messages as patterns of this language; only those that the other one writes otherwise."""
    catalogue = pofile.read_po(io.BytesIO(CATALOGUE.read_bytes()))
    found = []
    for message in catalogue:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        french = message.string if isinstance(message.string, str) else message.string[0]
        texts = {"en": singular, "fr": FRENCH.typeset(french)}
        # With little beside what is filled in, a message of one language fits the other.
        fixed, filled = FILLED.subn("", texts[language.code])
        enough = len(fixed.split()) > 2 if filled else re.search("[a-z]", fixed)
        if enough and texts["en"] != texts["fr"]:
            found.append(texts[language.code])
    return found


def spoken(texts, language):
    """The messages of a language that are among the texts."""
    said = set(texts)
    whole = [phrase for phrase in phrases(language) if not FILLED.search(phrase)]
    found = [phrase for phrase in whole if phrase in said]
    for phrase in set(phrases(language)).difference(whole):
        pattern = re.compile(GAP.join(map(re.escape, FILLED.split(phrase))))
        found += [phrase for text in said if pattern.fullmatch(text)]
    return found


def written(reader):
    texts = reader.page.evaluate(WRITTEN)
    for frame in reader.page.frames[1:]:
        texts += frame.evaluate(WRITTEN)
        if frame.evaluate("() => Boolean(window.mcmOverlay)"):
            texts += frame.evaluate(MAP_SAYS)
    return texts
