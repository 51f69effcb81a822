// <fo-bulk>: "select all", ranges with Shift, and a count, for a table whose rows have a checkbox.
customElements.define("fo-bulk", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("change", () => this.#count());
    this.addEventListener("htmx:afterSwap", () => this.#count());
    this.#count();
  }

  get #boxes() {
    return [...this.querySelectorAll("tbody input[type=checkbox][name]")];
  }

  #click(event) {
    const box = event.target.closest?.("input[type=checkbox]");
    if (!box) return;
    if (box.matches("[data-all]")) {
      for (const each of this.#boxes) each.checked = box.checked;
    } else if (event.shiftKey && this.last) {
      const boxes = this.#boxes;
      const [from, to] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    this.last = box;
    this.#count();
  }

  #count() {
    const boxes = this.#boxes;
    const chosen = boxes.filter((box) => box.checked).length;
    this.toggleAttribute("data-some", chosen > 0);
    for (const all of this.querySelectorAll("[data-all]")) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    for (const place of this.querySelectorAll("[data-chosen]")) place.textContent = chosen;
    for (const button of this.querySelectorAll("[data-needs-chosen]")) button.disabled = chosen === 0;
  }
});
