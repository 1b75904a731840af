// The token stands behind # in the link, where no server or proxy on the way sees it. It leaves the address at once.
const field = document.getElementById('token')
if (field && location.hash.length > 1) {
  field.value = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
}
if (field?.value) {
  field.closest('[data-setup-token]').hidden = true
  const first = document.querySelector('[aria-invalid="true"]') ?? document.getElementById('username')
  first.focus()
}
