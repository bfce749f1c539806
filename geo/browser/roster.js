// The layers on the map, each with a box to hear it or not: a part of the panel.
//
// Receives  Roster(details, change); show(members: [{layer, title, about, heard}], view, text)
// Tells     change({layers, without_layers}): parameters of the address; `layers` are those that alone are heard
//
// Every text from data is set as textContent.
const listed = (text) => (text ?? "").split(",").filter(Boolean);

function hears(view, layer) {
  const only = listed(view.layers);
  return (only.length === 0 || only.includes(layer)) && !listed(view.without_layers).includes(layer);
}

// What the address says once exactly `on` of `all` layers are heard. Who chose some alone goes on to: a layer that is
// published later is not heard with them.
function choice(view, all, on) {
  const off = all.filter((layer) => !on.includes(layer));
  if (off.length === 0) return { layers: "", without_layers: "" };
  if (view.layers && on.length > 0) return { layers: [...on].sort().join(","), without_layers: "" };
  return { layers: "", without_layers: [...off].sort().join(",") };
}

class Roster {
  constructor(root, change) {
    this.root = root;
    this.change = change;
    this.list = root.querySelector("ul");
    this.every = root.querySelector(".every");
    this.list.addEventListener("change", () => this.choose());
    this.every.addEventListener("click", () => this.change({ layers: "", without_layers: "" }));
  }

  show(members, view, text) {
    this.view = view;
    this.root.hidden = members.length === 0;
    this.root.querySelector(".title").textContent = text.layers;
    this.every.textContent = text.everyLayer;
    const made = JSON.stringify([members.map(({ layer, title, about }) => [layer, title, about]), text.onlyLayer]);
    if (made !== this.made) {
      this.made = made;
      this.members = members;
      this.list.replaceChildren(...members.map((member) => this.row(member, text)));
    }
    this.mark();
  }

  row({ layer, title, about }, text) {
    const box = element("input");
    box.type = "checkbox";
    box.value = layer;
    const name = element("bdi", "name", title);
    name.title = title;
    const only = element("button", "go only", text.onlyLayer);
    only.type = "button";
    only.value = layer;
    only.setAttribute("aria-label", `${text.onlyLayer}: ${title}`);
    only.addEventListener("click", () => this.change({ layers: layer, without_layers: "" }));
    return filled("li", "", [filled("label", "", [box, filled("span", "", [name, element("bdi", "where", about)])]), only]);
  }

  // As the address has it, which is ahead of Python.
  mark() {
    const on = this.members.filter(({ layer }) => hears(this.view, layer)).map(({ layer }) => layer);
    for (const box of this.list.querySelectorAll("input")) box.checked = on.includes(box.value);
    for (const only of this.list.querySelectorAll(".only")) only.hidden = on.length === 1 && on[0] === only.value;
    this.root.querySelector(".count").textContent = `(${on.length} / ${this.members.length})`;
    this.every.hidden = on.length === this.members.length;
  }

  choose() {
    const boxes = [...this.list.querySelectorAll("input")];
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    this.change(choice(this.view, boxes.map((box) => box.value), on));
  }
}
