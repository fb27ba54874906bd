(() => {
  const form = document.querySelector('form[data-passkey]');
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const one of list ?? []) one.id = bytes(one.id);
  }
  const keep = (name, buffer) => { form.elements.namedItem(name).value = buffer ? text(buffer) : ''; };
  form.hidden = false;
  for (const one of document.querySelectorAll('[data-without-passkey]')) one.hidden = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const failed = form.querySelector('.problem');
    failed.hidden = true;
    try {
      const make = form.dataset.passkey === 'create';
      const made = await navigator.credentials[make ? 'create' : 'get']({ publicKey: options });
      keep('client_data', made.response.clientDataJSON);
      if (make) {
        keep('attestation', made.response.attestationObject);
      } else {
        keep('credential', made.rawId);
        keep('authenticator_data', made.response.authenticatorData);
        keep('signature', made.response.signature);
        keep('user_handle', made.response.userHandle);
      }
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
})();
