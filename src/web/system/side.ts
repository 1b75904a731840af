import { paths } from '../http/paths.ts'

/** `login`: for whoever has logged in; `all`: for whoever sees all agents. */
type Needs = 'admin' | 'login' | 'all'

const pages = [
  { id: 'users', name: 'Users', icon: 'users', path: paths.users, needs: 'admin' },
  { id: 'tokens', name: 'Tokens', icon: 'key-round', path: paths.tokens, needs: 'admin' },
  { id: 'audit', name: 'Audit', icon: 'history', path: paths.audit, needs: 'admin' },
  { id: 'account', name: 'Account', icon: 'user', path: paths.account, needs: 'login' },
  {
    id: 'database',
    name: 'File and backup',
    icon: 'hard-drive',
    path: paths.system,
    needs: 'all',
    onServer: 'Database',
  },
  { id: 'checks', name: 'Checks and retention', icon: 'clock', path: paths.checksAndRetention, needs: 'all' },
] as const satisfies { id: string; name: string; icon: string; path: () => string; needs: Needs; onServer?: string }[]

export function presentSide(chosen: (typeof pages)[number]['id']) {
  return pages.map((page) => ({ ...page, path: page.path(), isChosen: page.id === chosen }))
}
