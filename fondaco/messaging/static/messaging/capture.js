// <fo-capture>: an answer to each photograph while it is still on the phone, then its upload in parts.
// What is said here is advice; the server's inspector decides. Without script the tiles are plain file inputs.
//
// The first look works on a copy of at most 400 px: brightness, burnt-out parts, sharpness on the sharpest fields, a hard
// shadow, and a 64-bit hash of light and dark that finds the same shot twice.

const LOOK_PX = 400;
const SMALL_PX = 800;
const SAME_BITS = 6;
const PAUSES_MS = [500, 1500, 4000, 8000, 15000];

export async function look(file) {
  const bitmap = await decoded(file);
  const { width, height } = bitmap;
  const scale = Math.min(1, LOOK_PX / Math.max(bitmap.shownWidth, bitmap.shownHeight));
  const w = Math.max(8, Math.round(bitmap.shownWidth * scale));
  const h = Math.max(8, Math.round(bitmap.shownHeight * scale));
  const canvas = document.createElement("canvas");
  canvas.width = w;
  canvas.height = h;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap.image, 0, 0, w, h);
  bitmap.image.close?.();
  const { data } = context.getImageData(0, 0, w, h);
  const light = new Float32Array(w * h);
  for (let i = 0, p = 0; i < light.length; i += 1, p += 4) light[i] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
  return { width, height, canvas, ...levels(light), sharpness: sharpness(light, w, h), shadow: shadow(data, light, w, h), hash: hash(light, w, h) };
}

// A twelve-megapixel JPEG is shrunk while it is decoded where the browser can: an eighth of it costs a third of the time.
// The full size comes from the header. A browser whose frames know no rotation would show portraits lying on their side.
async function decoded(file) {
  const full = await jpegSize(file);
  if (full && "ImageDecoder" in globalThis && "rotation" in VideoFrame.prototype) {
    try {
      return await shrunk(file, full);
    } catch {
      // The browser's other decoder may still read it.
    }
  }
  if (full) {
    const options = { resizeQuality: "low", imageOrientation: "from-image" };
    if (full.width >= full.height) options.resizeWidth = Math.min(full.width, LOOK_PX * 2);
    else options.resizeHeight = Math.min(full.height, LOOK_PX * 2);
    const image = await createImageBitmap(file, options);
    return { image, ...full, shownWidth: image.width, shownHeight: image.height };
  }
  const image = await createImageBitmap(file);
  return { image, width: image.width, height: image.height, shownWidth: image.width, shownHeight: image.height };
}

async function shrunk(file, full) {
  const scale = Math.min(1, (2 * LOOK_PX) / Math.max(full.width, full.height)); // it halves until it is no larger
  const decoder = new ImageDecoder({
    data: await file.arrayBuffer(),
    type: "image/jpeg",
    desiredWidth: Math.ceil(full.width * scale),
    desiredHeight: Math.ceil(full.height * scale),
  });
  try {
    const { image } = await decoder.decode();
    return { image, ...full, shownWidth: image.displayWidth, shownHeight: image.displayHeight };
  } finally {
    decoder.close();
  }
}

async function jpegSize(file) {
  const bytes = new DataView(await file.slice(0, 256 * 1024).arrayBuffer());
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 < bytes.byteLength) {
    const marker = bytes.getUint16(at);
    if ((marker & 0xff00) !== 0xff00) return null;
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { height: bytes.getUint16(at + 5), width: bytes.getUint16(at + 7) };
    at += 2 + bytes.getUint16(at + 2);
  }
  return null;
}

function levels(light) {
  const counts = new Uint32Array(256);
  for (const value of light) counts[Math.min(255, value | 0)] += 1;
  const at = (share) => {
    let sum = 0;
    for (let level = 0; level < 256; level += 1) if ((sum += counts[level]) >= share * light.length) return level;
    return 255;
  };
  let burnt = 0;
  for (let level = 250; level < 256; level += 1) burnt += counts[level];
  return { middle: at(0.5), top: at(0.99), burnt: burnt / light.length };
}

// The mean square of the second derivative, on the tenth of fields where there is most of it: a thing in focus before a
// blurred ground is sharp.
function sharpness(light, w, h) {
  const field = 20;
  const found = [];
  for (let top = 1; top + field < h; top += field) {
    for (let left = 1; left + field < w; left += field) {
      let sum = 0;
      for (let y = top; y < top + field; y += 1) {
        for (let x = left; x < left + field; x += 1) {
          const i = y * w + x;
          const second = 4 * light[i] - light[i - 1] - light[i + 1] - light[i - w] - light[i + w];
          sum += second * second;
        }
      }
      found.push(sum / (field * field));
    }
  }
  found.sort((a, b) => b - a);
  const best = found.slice(0, Math.max(1, found.length / 10));
  return best.reduce((a, b) => a + b, 0) / best.length;
}

// Two fields of light far apart and near in colour, each large and even: a shadow darkens and hardly tints.
function shadow(data, light, w, h) {
  const step = 4;
  const values = [];
  for (let y = 0; y < h; y += step) for (let x = 0; x < w; x += step) values.push(y * w + x);
  const counts = new Uint32Array(256);
  for (const i of values) counts[Math.min(255, light[i] | 0)] += 1;
  const cut = otsu(counts, values.length);
  const dark = { n: 0, light: 0, square: 0, r: 0, b: 0 };
  const lit = { n: 0, light: 0, square: 0, r: 0, b: 0 };
  for (const i of values) {
    const side = light[i] <= cut ? dark : lit;
    const sum = data[4 * i] + data[4 * i + 1] + data[4 * i + 2] + 1;
    side.n += 1;
    side.light += light[i];
    side.square += light[i] * light[i];
    side.r += data[4 * i] / sum;
    side.b += data[4 * i + 2] / sum;
  }
  if (!dark.n || !lit.n) return 0;
  const share = dark.n / values.length;
  const mean = (s) => s.light / s.n;
  const spread = (s) => Math.sqrt(Math.max(0, s.square / s.n - mean(s) ** 2));
  const tint = Math.max(Math.abs(dark.r / dark.n - lit.r / lit.n), Math.abs(dark.b / dark.n - lit.b / lit.n));
  const isShadow = share > 0.12 && share < 0.75 && mean(lit) - mean(dark) > 70 && mean(dark) > 30 && tint < 0.03 && spread(dark) < 24 && spread(lit) < 34;
  return isShadow ? share : 0;
}

function otsu(counts, total) {
  let sum = 0;
  counts.forEach((n, level) => { sum += n * level; });
  let below = 0, sumBelow = 0, best = 0, cut = 127;
  for (let level = 0; level < 256; level += 1) {
    below += counts[level];
    if (!below || below === total) continue;
    sumBelow += level * counts[level];
    const apart = sumBelow / below - (sum - sumBelow) / (total - below);
    const between = below * (total - below) * apart * apart;
    if (between > best) [best, cut] = [between, level];
  }
  return cut;
}

function hash(light, w, h) {
  const bits = [];
  const cell = (column, row) => {
    let sum = 0, n = 0;
    for (let y = Math.floor((row * h) / 8); y < Math.floor(((row + 1) * h) / 8); y += 2) {
      for (let x = Math.floor((column * w) / 9); x < Math.floor(((column + 1) * w) / 9); x += 2) {
        sum += light[y * w + x];
        n += 1;
      }
    }
    return sum / Math.max(1, n);
  };
  for (let row = 0; row < 8; row += 1) {
    const cells = Array.from({ length: 9 }, (_, column) => cell(column, row));
    for (let column = 0; column < 8; column += 1) bits.push(cells[column + 1] > cells[column]);
  }
  return bits;
}

function differing(one, other) {
  return one.reduce((n, bit, place) => n + (bit !== other[place]), 0);
}

customElements.define("fo-capture", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.tiles = [...this.querySelectorAll(".shot")];
    this.busy = 0;
    this.dataset.ready = "";
    for (const tile of this.tiles) {
      const input = tile.querySelector(".shot-input");
      input.addEventListener("change", () => input.files[0] && this.#take(tile, input.files[0]));
      tile.addEventListener("dragover", (event) => event.preventDefault());
      tile.addEventListener("drop", (event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file) this.#take(tile, file);
      });
    }
    this.form.addEventListener("submit", (event) => this.#hold(event));
  }

  async #take(tile, file) {
    const token = {};
    tile.token = token;
    this.#forget(tile);
    tile.querySelector(".shot-input").value = ""; // the upload carries it from here on
    if (file.size > Number(this.dataset.maxBytes)) return this.#say(tile, "bad", `${file.name}: ${this.dataset.tooLarge}`);
    const began = performance.now();
    try {
      tile.seen = await look(file);
      this.#advise(tile);
      this.#picture(tile, tile.seen.canvas);
    } catch {
      tile.seen = null; // HEIC, TIFF or PDF: the server looks
      this.#say(tile, "", file.name);
    }
    tile.dataset.lookMs = Math.round(performance.now() - began);
    if (tile.token === token) await this.#send(tile, file, token);
  }

  #advise(tile) {
    const seen = tile.seen;
    const said = [];
    if (seen.top < 95 || seen.middle < 35) said.push(this.dataset.tooDark);
    if (seen.burnt > 0.4) said.push(this.dataset.tooBright);
    if (seen.sharpness < 60) said.push(this.dataset.blurred);
    if (Math.max(seen.width, seen.height) < SMALL_PX) said.push(this.dataset.tooSmall);
    if (seen.shadow) said.push(this.dataset.shadow);
    const twin = this.tiles.find((other) => other !== tile && other.seen && differing(other.seen.hash, seen.hash) <= SAME_BITS);
    if (twin) said.push(`${this.dataset.duplicate} “${twin.querySelector("h3").textContent}”.`);
    tile.advice = said;
    this.#say(tile, said.length ? "warn" : "good", said.length ? said.join(" ") : this.dataset.fine);
  }

  async #send(tile, file, token) {
    const bar = tile.querySelector(".shot-progress");
    bar.hidden = false;
    bar.value = 0;
    this.busy += 1;
    try {
      const key = `${file.name}:${file.size}:${file.lastModified}:${tile.dataset.view}:${Math.random().toString(36).slice(2)}`.slice(-64);
      const body = new FormData();
      for (const [name, value] of Object.entries({ name: file.name, size: file.size, view: tile.dataset.view, number: this.dataset.number, key })) body.append(name, value);
      let state = await this.#asked(this.dataset.uploads, { method: "POST", body }, tile);
      while (state.ok && state.received_bytes < state.size_bytes && tile.token === token) {
        const part = file.slice(state.received_bytes, state.received_bytes + state.part_bytes);
        const sent = await this.#asked(`${state.url}?offset=${state.received_bytes}`, { method: "POST", body: part, headers: { "Content-Type": "application/octet-stream" } }, tile);
        // Out of step: the answer says how much has arrived, and it goes on from there.
        state = sent.code === "upload_out_of_step" ? { ...state, received_bytes: sent.received_bytes } : { ...state, ...sent };
        bar.value = state.received_bytes / state.size_bytes;
      }
      if (tile.token === token) this.#arrived(tile, state, file);
    } catch {
      if (tile.token === token) {
        this.#say(tile, "bad", this.dataset.failed);
        this.#tool(tile, this.dataset.again, () => this.#take(tile, file));
      }
    } finally {
      bar.hidden = true;
      this.busy -= 1;
      if (!this.busy && this.held) this.form.requestSubmit(this.held === true ? undefined : this.held);
    }
  }

  // A request that is sent again with growing pauses while the connection is away.
  async #asked(url, options, tile) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await fetch(url, { ...options, headers: { ...options.headers, "X-CSRFToken": token, Accept: "application/json" } });
        if (answer.status < 500) return await answer.json();
      } catch (error) {
        if (attempt >= PAUSES_MS.length) throw error;
      }
      if (attempt >= PAUSES_MS.length) throw new Error("given up");
      tile.querySelector(".shot-words").textContent = `${this.dataset.retrying}…`;
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[attempt]));
    }
  }

  #arrived(tile, state, file) {
    if (!state.ok) {
      this.#say(tile, "bad", `${file.name}: ${state.words}`);
      this.#picture(tile, null);
      return;
    }
    const said = [...new Set([...(tile.advice ?? []), ...(tile.seen ? [] : state.advice ?? [])])];
    const extra = (state.advice ?? []).filter(() => tile.seen && !tile.advice?.length);
    const words = [...said, ...extra].join(" ") || this.dataset.arrived;
    this.#say(tile, said.length || extra.length ? "warn" : "good", `${words}${state.had_location ? ` ${this.dataset.location}` : ""}`);
    const label = tile.querySelector(".field input");
    label.name = `label-${state.id}`;
    for (const [name, value] of [["upload", state.id], [`view-${state.id}`, tile.dataset.view]]) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      field.dataset.kept = "";
      tile.append(field);
    }
    tile.dataset.upload = state.url;
    this.#tool(tile, this.dataset.remove, () => {
      fetch(state.url, { method: "DELETE", headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value } });
      this.#forget(tile);
      this.#say(tile, "", "");
      this.#picture(tile, null);
    });
    this.#count();
  }

  #forget(tile) {
    for (const field of tile.querySelectorAll("[data-kept]")) field.remove();
    const label = tile.querySelector(".field input");
    label.name = `label-${tile.dataset.view}`;
    delete tile.dataset.upload;
    tile.seen = tile.advice = null;
    tile.querySelector(".shot-tools").replaceChildren();
    this.#count();
  }

  #count() {
    const views = this.tiles.filter((tile) => tile.dataset.upload).length;
    for (const out of this.querySelectorAll("[data-angles]")) out.textContent = views;
  }

  #picture(tile, canvas) {
    const frame = tile.querySelector(".shot-frame");
    frame.querySelector("img")?.remove();
    frame.querySelector(".shot-blank").hidden = Boolean(canvas);
    if (canvas) {
      const shown = document.createElement("img");
      shown.alt = "";
      shown.src = canvas.toDataURL("image/jpeg", 0.8);
      frame.append(shown);
    }
  }

  #say(tile, tone, words) {
    tile.dataset.tone = tone;
    tile.querySelector(".shot-words").textContent = words;
  }

  #tool(tile, words, then) {
    const tools = tile.querySelector(".shot-tools");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: words });
    button.ariaLabel = `${words}: ${tile.querySelector("h3").textContent}`;
    button.addEventListener("click", then);
    tools.replaceChildren(button);
    tools.hidden = false;
  }

  // The form is sent while photographs are on their way: it waits for them.
  #hold(event) {
    if (!this.busy) return;
    event.preventDefault();
    this.held = event.submitter ?? true;
  }
});
