import type { PaletteResults } from '../../orchestrator/palette/palette.ts'
import { type Match, matchOf } from '../../shared/match.ts'
import { type ActorRole, includesRole } from '../../shared/role.ts'
import { paths } from '../http/paths.ts'

/** `href` leads there, `post` sends the form, `opens` is a dialog of the page, `theme` is chosen. */
export type Action = {
  id: string
  icon: string
  name: string
  more: string
  href?: string
  post?: string
  opens?: string
  theme?: string
  token?: string
  needs?: ActorRole
}

function allActions({ lastRun }: PaletteResults, token: string, settingsPath: string): (Action & { also: string })[] {
  const rerun = lastRun && {
    id: 'rerun',
    icon: 'rotate-ccw',
    name: 'Rerun the last run',
    more: `${lastRun.workflow} on ${lastRun.agentId}`,
    also: 'repeat again',
    post: paths.rerun(lastRun.id),
    token,
    needs: 'operator' as const,
  }
  const page = (id: string, name: string, href: string, also = '') => ({
    ...{ id, name, href, also },
    icon: 'corner-down-right',
    more: 'Page',
  })
  const theme = (name: string, icon: string) => ({
    ...{ id: `theme-${name.toLowerCase()}`, name: `${name} theme`, icon, theme: name.toLowerCase() },
    more: '',
    also: 'appearance mode',
  })
  return [
    ...(rerun ? [rerun] : []),
    {
      id: 'register',
      icon: 'plus',
      name: 'Register agent',
      more: '',
      also: 'add new',
      href: `${paths.agents()}#register`,
      opens: 'register',
      needs: 'admin',
    },
    {
      id: 'check',
      icon: 'refresh-cw',
      name: 'Check all agents now',
      more: '',
      also: 'health',
      post: paths.checkAll(),
      needs: 'operator',
    },
    page('overview', 'Overview', paths.overview(), 'home'),
    page('orchestrator', 'Orchestrator', paths.agents(), 'agents board'),
    page('runs', 'Runs', paths.runs(), 'history'),
    page('failed', 'Failed runs', paths.runs({ status: 'failed' }), 'errors'),
    page('yesterday', 'Failed runs of yesterday', paths.runs({ status: 'failed', time: 'yesterday' }), 'errors'),
    page('expensive', 'Most expensive runs this week', paths.runs({ time: 'this-week', sort: 'cost' }), 'cost'),
    page('compare', 'Compare two runs', paths.compare(), 'difference'),
    ...(settingsPath ? [page('system', 'Settings', settingsPath, 'system file database backup retention')] : []),
    theme('Light', 'sun'),
    theme('Dark', 'moon'),
    theme('System', 'sun-moon'),
    { id: 'help', icon: 'keyboard', name: 'Keyboard shortcuts', more: '', also: 'help keys', opens: 'help' },
  ]
}

/** Of everything, only the first few that begin with a word. */
const maxAmongAll = 3
const worstRankAmongAll = 2

export function actionsFor(
  found: PaletteResults,
  { token, role, settingsPath }: { token: string; role: ActorRole; settingsPath: string },
): (Action & { match: Match })[] {
  if (found.kind === 'runs') return []
  const allowed = allActions(found, token, settingsPath).filter(
    ({ needs }) => needs === undefined || includesRole(role, needs),
  )
  const fitting = allowed.flatMap(({ also, ...action }) => {
    const match = matchOf(found.words, action.name, [also])
    return match ? { ...action, match } : []
  })
  const sorted = fitting.sort((a, b) => a.match.rank - b.match.rank)
  if (found.kind === 'actions') return sorted
  return sorted.filter(({ match }) => match.rank <= worstRankAmongAll).slice(0, maxAmongAll)
}
