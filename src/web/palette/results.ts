import type { PaletteAgent, PaletteExecute, PaletteResults } from '../../orchestrator/palette/palette.ts'
import type { Match } from '../../shared/match.ts'
import { plural } from '../../shared/plural.ts'
import { type ActorRole, includesRole } from '../../shared/role.ts'
import { presentMeaning, presentStatus, shortRunId } from '../format/run.ts'
import { formatDuration, type Times } from '../format/times.ts'
import { presentHealth } from '../health/state.ts'
import { paths } from '../http/paths.ts'
import { elementIdOf } from '../markup/element-id.ts'
import { type Action, actionsFor } from './actions.ts'

type Part = { text: string; isMatch: boolean }
/** `dialog` opens the form of an agent. */
type Item = Omit<Action, 'name'> & { tone: string; parts: Part[]; dialog?: string; match: Match }

type Asked = { times: Times; token: string; role: ActorRole; settingsPath: string }

/** The list `#palette-list`: groups in order, each with its items. `typed` is what they answer. */
export function presentPalette(found: PaletteResults, typed: string, asked: Asked) {
  const { times, role } = asked
  const execute = includesRole(role, 'operator') ? found.execute.map(presentExecute) : []
  const actions = [...execute, ...actionsFor(found, asked).map(presentAction)]
  const groups = [
    { id: 'actions', title: 'Actions', items: actions.toSorted((a, b) => a.match.rank - b.match.rank) },
    { id: 'agents', title: 'Agents', items: found.agents.map((one) => presentAgent(one, times)) },
    { id: 'runs', title: 'Runs and views', items: [...presentRuns(found, times), ...presentSearch(found)] },
  ]
  const shown = groups.filter(({ items }) => items.length > 0)
  const count = shown.reduce((sum, { items }) => sum + items.length, 0)
  return { typed, groups: shown, said: count === 0 ? 'Nothing found' : plural(count, 'result') }
}

function presentExecute({ agent, match, workflow, usualSeconds }: PaletteExecute): Item {
  const usually = usualSeconds === undefined ? '' : `usually ${formatDuration(usualSeconds)}`
  return {
    id: `execute-${encodeURIComponent(agent.id)}`,
    icon: 'play',
    tone: '',
    parts: [part('Execute '), ...marked(agent.name, match), part('…')],
    more: [workflow, usually].filter(Boolean).join(' · ') || agent.id,
    dialog: paths.execute(agent.id),
    match,
  }
}

function presentAction({ name, match, ...action }: ReturnType<typeof actionsFor>[number]): Item {
  return { ...action, tone: '', parts: marked(name, match), match }
}

function presentAgent({ agent, match }: PaletteAgent, times: Times): Item {
  const { id, name, url, health } = agent
  const { icon, tone, word, lasting, reason } = presentHealth(health, times)
  const isNormal = health.state === 'healthy' || health.state === 'busy'
  const state = [word, lasting?.relative].filter(Boolean).join(' ')
  const running = health.runs > 0 ? `${health.runs} running` : ''
  const more = isNormal ? [url.replace(/^https?:\/\//, ''), running] : [state, reason]
  return {
    id: elementIdOf(id),
    ...{ icon, tone, match },
    parts: marked(name, match),
    more: more.filter(Boolean).join(' · '),
    href: paths.agentPage(id),
  }
}

function presentRuns({ runs, views, kind }: PaletteResults, times: Times): Item[] {
  const ofViews = views.map(({ view, match }) => ({
    id: `view-${view.id}`,
    icon: 'bookmark',
    tone: '',
    parts: marked(view.name, match),
    more: 'Saved view',
    href: paths.runs(view.query),
    match,
  }))
  const ofRuns = runs.map(({ run, match }) => {
    const { icon, tone } = presentStatus(run.status)
    const started = times.moment(run.startedAt)?.relative
    const name = [...marked(run.workflow, match), part(started ? `, ${started}` : '')]
    return {
      id: `run-${encodeURIComponent(run.id)}`,
      ...{ icon, tone, match },
      parts: name,
      more: kind === 'runs' ? shortRunId(run.id) : presentMeaning(run).text || shortRunId(run.id),
      href: paths.run(run.id),
    }
  })
  return [...ofRuns, ...ofViews]
}

function presentSearch({ kind, text }: PaletteResults): Item[] {
  if (kind !== 'everything' || text === '') return []
  return [
    {
      id: 'search',
      icon: 'search',
      tone: '',
      parts: [part(`Search runs for “${text}”`)],
      more: 'in inputs, outputs and errors',
      href: paths.runs({ q: text }),
      match: { rank: 0, marks: [] },
    },
  ]
}

function marked(name: string, { marks }: Match): Part[] {
  let at = 0
  const parts = marks.flatMap(([from, to]) => {
    const two = [part(name.slice(at, from)), { text: name.slice(from, to), isMatch: true }]
    at = to
    return two
  })
  return [...parts, part(name.slice(at))].filter(({ text }) => text !== '')
}

const part = (text: string): Part => ({ text, isMatch: false })
