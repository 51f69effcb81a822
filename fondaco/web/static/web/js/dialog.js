// Dialogs are <dialog>. `data-dialog="id"` opens one that stands in the page; one that htmx brought with
// `data-open-now` opens on arrival. Without script the same link leads to a page with the same content.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.matches?.("dialog[open]")) {
    event.target.close(); // a click on the backdrop
  }
});

function openNew() {
  for (const dialog of document.querySelectorAll("dialog[data-open-now]")) {
    dialog.removeAttribute("data-open-now");
    dialog.showModal();
  }
}

document.addEventListener("htmx:afterSwap", openNew);
document.addEventListener("htmx:afterSwap", (event) => event.detail.elt.querySelector?.("[data-autofocus]")?.focus());
openNew();
document.querySelector("[data-autofocus]")?.focus();
