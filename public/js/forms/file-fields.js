import { showToast } from '../page/toasts.js'

// [data-fills=id]: puts a file into a text field, as Base64.

const maxBytes = 5 * 1024 * 1024

document.addEventListener('change', async ({ target }) => {
  const field = target.matches('[data-fills]') && document.getElementById(target.dataset.fills)
  const [file] = target.files ?? []
  if (!field || !file) return
  if (file.size > maxBytes) return showToast('Choose a file of at most 5 MiB.')
  field.value = base64Of(new Uint8Array(await file.arrayBuffer()))
  target.value = ''
  field.dispatchEvent(new Event('input', { bubbles: true }))
})

const chunk = 32_768

function base64Of(bytes) {
  let binary = ''
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk))
  return btoa(binary)
}
