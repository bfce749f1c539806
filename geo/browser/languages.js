// Links to the same view in the other languages: a Streamlit component (v2) on every page.
//
// Receives  data  {label, language: code, languages: [[code, name], ...], page, stay: whether a page opened anew would lose something}
// Owns      the language in the address and that of the document, which screen readers go by
//
// A link opens the page anew: the view is in the address, so nothing is lost, and no text stays behind. Where something
// would be, Python is told the language instead.
function addressIn(code) {
  const query = new URLSearchParams(window.location.search);
  query.set("lang", code);
  return `${window.location.pathname}?${query}${window.location.hash}`;
}

function part(className, text) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}

function choice([code, name], current, stay) {
  const made = document.createElement(code === current ? "span" : "a");
  made.append(part("long", name), part("short", code.toUpperCase()));
  made.setAttribute("aria-label", name);
  made.lang = code;
  if (code === current) {
    made.setAttribute("aria-current", "true");
    return made;
  }
  made.hreflang = code;
  made.target = "_self";
  made.href = addressIn(code);
  // The address changes with the date and the map: the link follows at the last moment.
  for (const moment of ["pointerdown", "focus", "click"]) made.addEventListener(moment, () => { made.href = addressIn(code); });
  if (stay) made.addEventListener("click", (event) => { event.preventDefault(); stay(code); });
  return made;
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const stay = data.stay && ((code) => setTriggerValue("language", code));
  document.documentElement.lang = data.language;
  window.history.replaceState(window.history.state, "", addressIn(data.language));
  const nav = parentElement.querySelector("nav");
  nav.setAttribute("aria-label", data.label);
  nav.replaceChildren(...data.languages.map((language) => choice(language, data.language, stay)));
}
