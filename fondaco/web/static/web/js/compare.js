// <fo-compare>: two pictures in one frame with a slider between them. Without script they stand side by side.
customElements.define("fo-compare", class extends HTMLElement {
  connectedCallback() {
    const slider = this.querySelector("input[type=range]");
    const move = () => this.style.setProperty("--at", `${slider.value}%`);
    slider.addEventListener("input", move);
    this.addEventListener("pointermove", (event) => {
      if (event.target === slider || !(event.buttons & 1)) return;
      const box = this.querySelector("img").getBoundingClientRect();
      slider.value = Math.round(((event.clientX - box.left) / box.width) * 100);
      move();
    });
    this.addEventListener("dragstart", (event) => event.preventDefault());
    move();
  }
});
