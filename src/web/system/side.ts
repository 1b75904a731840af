import { paths } from '../http/paths.ts'

const pages = [
  { id: 'file', name: 'File and backup', icon: 'hard-drive', path: paths.system },
  { id: 'checks', name: 'Checks and retention', icon: 'clock', path: paths.checksAndRetention },
] as const

/** The pages of the settings. */
export function presentSide(chosen: (typeof pages)[number]['id']) {
  return pages.map((page) => ({ ...page, path: page.path(), isChosen: page.id === chosen }))
}
