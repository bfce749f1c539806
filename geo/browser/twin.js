// Two maps of one day, without a layer and with it: a part of compare.js, which stands before this in one module.
//
// Receives  data  {part: "twin", view: {from, to: the same day}, firstDay, marks: ground that changes, see changing.marks, text}
// Tells     both maps their day, their view and the ground that changes; Python, once the day has settled: the state "view"
//
// The address stays as it is: nobody else can see a layer that is not published.
class Twin extends Story {
  update(data) {
    this.data = data;
    this.root.replaceChildren(element("p", "small", data.text.faded));
    this.tellChanges();
  }

  tellChanges() { for (const map of ["from", "to"]) this.tell(map, { cmd: "marks", marks: this.data.marks }); }

  greet(map) {
    super.greet(map);
    this.tellChanges();
  }

  moved({ day, settled }) {
    this.days = { from: day, to: day };
    for (const map of ["from", "to"]) this.tell(map, { cmd: "day", day });
    if (settled) this.change({ from: this.iso(day), to: this.iso(day) }, SETTLE);
  }

  writeAddress() {}
}

PARTS.twin = Twin;
