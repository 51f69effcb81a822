// <fo-copy>: a button that puts the text beside it on the clipboard.
customElements.define("fo-copy", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      await navigator.clipboard.writeText(this.querySelector("code").textContent.trim());
      const before = button.getAttribute("aria-label");
      button.setAttribute("aria-label", button.dataset.done);
      button.classList.add("good");
      setTimeout(() => {
        button.setAttribute("aria-label", before);
        button.classList.remove("good");
      }, 1500);
    });
  }
});
