// Menus are <details>: this adds what a menu owes to mouse and keyboard. Only one is open; Escape and a click
// elsewhere close it; arrows walk through it.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.menu") || !event.target.open) return;
  for (const menu of openMenus()) if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (!menu) return;
  const summary = menu.querySelector("summary");
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    summary.focus();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  menu.open = true;
  const choices = [...menu.querySelectorAll(".menu-list :is(a[href], button:not(:disabled))")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const from = choices.indexOf(document.activeElement);
  choices.at(from < 0 ? (step > 0 ? 0 : -1) : (from + step) % choices.length)?.focus();
});
