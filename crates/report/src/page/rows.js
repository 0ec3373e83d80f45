// A long list of which only what is in sight exists. Heights are guessed from text and mended once measured.

class Rows {
  /** `make(item)` builds a row, `guess(item)` its height in pixels before it was ever seen. */
  constructor(scroller, make, guess) {
    this.scroller = scroller;
    this.make = make;
    this.guess = guess;
    this.inner = el("div", { class: "rows", role: "rowgroup" });
    this.scroller.append(this.inner);
    this.items = [];
    this.measured = new Map();
    this.shown = new Map();
    this.width = scroller.clientWidth;
    scroller.addEventListener("scroll", () => this.schedule(), { passive: true });
    new ResizeObserver(() => this.resized()).observe(scroller);
  }

  schedule() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.draw(); });
  }

  resized() {
    const width = this.scroller.clientWidth;
    if (width === this.width) return;
    this.width = width;
    this.measured.clear();
    const first = this.at(this.scroller.scrollTop);
    this.refresh(() => { this.scroller.scrollTop = this.tops[first]; });
  }

  /** Other items, from this height on. */
  set(items, top) {
    this.items = items;
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.place();
    this.scroller.scrollTop = top;
    this.draw();
  }

  /** Everything in sight anew; what had the focus has it again. */
  refresh(placed = () => {}) {
    const focused = [...this.shown].find(([, row]) => row === document.activeElement)?.[0];
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    this.place();
    placed();
    this.draw();
    this.shown.get(focused)?.focus({ preventScroll: true });
  }

  /** One item anew. */
  redraw(item) {
    this.measured.delete(item);
    this.shown.get(item)?.remove();
    this.shown.delete(item);
    this.draw();
  }

  /** Heights of all items, measured or guessed, and from them the places. */
  place() {
    this.heights = Float64Array.from(this.items, (item) => this.measured.get(item) ?? this.guess(item));
    this.tops = new Float64Array(this.items.length + 1);
    this.placeFrom(0);
  }

  placeFrom(start) {
    const { tops, heights } = this;
    for (let at = start; at < heights.length; at += 1) tops[at + 1] = tops[at] + heights[at];
    this.inner.style.height = `${tops[heights.length]}px`;
  }

  /** The place of the item that holds this height. */
  at(height) {
    let low = 0, high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= height) low = middle + 1; else high = middle;
    }
    return low;
  }

  draw() {
    if (this.printing) return;
    for (let round = 0; round < 3 && this.drawOnce(); round += 1);
  }

  /** True when a height was other than guessed, so that places have moved. */
  drawOnce() {
    const top = this.scroller.scrollTop, sight = this.scroller.clientHeight;
    const first = Math.max(0, this.at(top) - 3), last = Math.min(this.items.length, this.at(top + sight) + 4);
    const wanted = new Set(this.items.slice(first, last));
    for (const [item, row] of this.shown) {
      if (!wanted.has(item) && !row.contains(document.activeElement)) { row.remove(); this.shown.delete(item); }
    }
    const fresh = [];
    for (let at = first; at < last; at += 1) {
      const item = this.items[at];
      let row = this.shown.get(item);
      if (!row) {
        row = this.make(item);
        row.setAttribute("aria-rowindex", at + 1);
        this.shown.set(item, row);
        this.inner.append(row);
      }
      row.style.transform = `translateY(${this.tops[at]}px)`;
      if (!this.measured.has(item)) fresh.push([at, item, row]);
    }
    if (fresh.length === 0) return false;
    const anchor = this.at(top), within = top - this.tops[anchor];
    let moved = null;
    for (const [at, item, row] of fresh) {
      const height = row.offsetHeight;
      this.measured.set(item, height);
      if (height !== this.heights[at]) { this.heights[at] = height; moved ??= at; }
    }
    if (moved == null) return false;
    this.placeFrom(moved);
    if (Math.abs(this.tops[anchor] + within - top) >= 1) this.scroller.scrollTop = this.tops[anchor] + within;
    return true;
  }

  /** Brings an item into sight and hands out its row. */
  reveal(item, middle) {
    const at = this.items.indexOf(item);
    if (at < 0) return null;
    for (let round = 0; round < 3; round += 1) {
      const { scrollTop, clientHeight } = this.scroller;
      const top = this.tops[at], end = this.tops[at + 1];
      if (middle) this.scroller.scrollTop = top - Math.max(0, (clientHeight - (end - top)) / 2);
      else if (top < scrollTop) this.scroller.scrollTop = top;
      else if (end > scrollTop + clientHeight) this.scroller.scrollTop = Math.min(top, end - clientHeight);
      this.draw();
    }
    return this.shown.get(item) ?? null;
  }

  /** On paper every row exists. */
  print(on) {
    this.printing = on;
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    if (!on) { this.refresh(); return; }
    for (const item of this.items) {
      const row = this.make(item);
      this.shown.set(item, row);
      this.inner.append(row);
    }
  }
}
