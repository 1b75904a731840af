import { paths } from '../http/paths.ts'

const pages = [
  { id: 'tokens', name: 'Tokens', icon: 'key-round', path: paths.tokens, needs: 'admin' },
  { id: 'file', name: 'File and backup', icon: 'hard-drive', path: paths.system, needs: 'viewer' },
  { id: 'checks', name: 'Checks and retention', icon: 'clock', path: paths.checksAndRetention, needs: 'viewer' },
] as const

/** The pages of the settings. */
export function presentSide(chosen: (typeof pages)[number]['id']) {
  return pages.map((page) => ({ ...page, path: page.path(), isChosen: page.id === chosen }))
}
