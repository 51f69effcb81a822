// The new message shows only what the chosen subject needs; without script everything stands there.
const subject = document.querySelector("select[name=subject]");
const kinds = [...document.querySelectorAll(".photo-type")];

function show() {
  for (const kind of kinds) kind.hidden = kind.dataset.subject !== subject.value;
}

if (subject && kinds.length) {
  subject.addEventListener("change", show);
  show();
}
