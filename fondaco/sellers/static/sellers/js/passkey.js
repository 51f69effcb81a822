// Passkeys and security keys. A button says what it does:
//   data-passkey="sign-in"  asks form.action for options, then posts the answer (sign-in without password)
//   data-passkey="use"      answers the options on the page (second factor, confirming who you are)
//   data-passkey="add"      makes a new key from the options on the page
// The options stand in <script type="application/json" id="passkey-options">; the answer goes into the form's
// field "credential". What goes wrong is said in the element with data-passkey-fault.

const decode = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (c) => c.charCodeAt(0)).buffer;
};
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

const known = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));

function described(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const answer = {};
  for (const part of parts) {
    if (response[part] !== undefined) answer[part] = response[part] && encode(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: encode(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function use(options) {
  const publicKey = { ...options.publicKey };
  publicKey.challenge = decode(publicKey.challenge);
  publicKey.allowCredentials = known(publicKey.allowCredentials);
  return described(await navigator.credentials.get({ publicKey }));
}

async function make(options, passwordless) {
  const publicKey = { ...options.publicKey };
  publicKey.challenge = decode(publicKey.challenge);
  publicKey.user = { ...publicKey.user, id: decode(publicKey.user.id) };
  publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: passwordless ? "required" : "discouraged",
    requireResidentKey: passwordless,
    ...(passwordless ? { userVerification: "required" } : {}),
  };
  return described(await navigator.credentials.create({ publicKey }));
}

async function fetched(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`options: ${response.status}`);
  return (await response.json()).request_options;
}

const onPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

const answers = {
  "sign-in": async (form) => use(await fetched(form.action)),
  use: async () => use(onPage().request_options),
  add: async (form) => make(onPage().creation_options, Boolean(form.elements.passwordless?.checked)),
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  const fault = document.querySelector("[data-passkey-fault]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    if (fault) fault.textContent = fault.dataset.unsupported;
    continue;
  }
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const { form } = button;
    if (!form.reportValidity()) return;
    if (fault) fault.textContent = "";
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await answers[button.dataset.passkey](form));
      form.submit();
    } catch (error) {
      if (fault) fault.textContent = error.name === "NotAllowedError" ? fault.dataset.cancelled : fault.dataset.failed;
    } finally {
      button.disabled = false;
    }
  });
}
