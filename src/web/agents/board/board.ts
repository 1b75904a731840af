import type { BoardGroup, BoardQuery, BoardTab } from '../../../orchestrator/agents/board.ts'
import type { AgentBoard } from '../../../orchestrator/agents/service.ts'
import { formatNumber } from '../../format/numbers.ts'
import type { Times } from '../../format/times.ts'
import { paths } from '../../http/paths.ts'
import { boardFields } from './query.ts'
import { presentRow } from './row.ts'

/** A tab without agents is shown, but for one that agents are in for moments alone. */
const tabs: { tab: BoardTab | undefined; word: string; tone?: 'bad' | 'working'; isHiddenWhenEmpty?: true }[] = [
  { tab: undefined, word: 'All' },
  { tab: 'down', word: 'Down', tone: 'bad' },
  { tab: 'degraded', word: 'Degraded' },
  { tab: 'busy', word: 'Busy' },
  { tab: 'healthy', word: 'Healthy' },
  { tab: 'paused', word: 'Paused' },
  { tab: 'checking', word: 'Checking', isHiddenWhenEmpty: true },
]
const groupWords: Record<BoardGroup, string> = {
  attention: 'Needs attention',
  checking: 'Checking',
  up: 'Up',
  paused: 'Paused',
}

/** The region `#agents`. */
export function presentBoard(board: AgentBoard, query: BoardQuery, times: Times) {
  const { groups, days, intervalMs, mayBeOffline, registered } = board
  return {
    mayBeOffline,
    agents: registered,
    pollSeconds: intervalMs / 1000,
    pollPath: paths.polledAgents(boardFields({ ...query, page: board.page })),
    groups: groups.map(({ group, agents, shown }) => ({
      id: `agents-${group}`,
      word: groupWords[group],
      agents: formatNumber(agents),
      rows: shown.map((agent) => presentRow(agent, days, times)),
    })),
    pages: presentPages(board, query),
    allPath: paths.agents(),
  }
}

function presentPages({ found, first, groups, page, pages }: AgentBoard, query: BoardQuery) {
  if (pages === 1) return undefined
  const shown = groups.reduce((sum, group) => sum + group.shown.length, 0)
  const pathOf = (number: number) => paths.agents(boardFields({ ...query, page: number }))
  return {
    range: `${formatNumber(first)}–${formatNumber(first + shown - 1)} of ${formatNumber(found)}`,
    previousPath: page > 1 ? pathOf(page - 1) : '',
    nextPath: page < pages ? pathOf(page + 1) : '',
  }
}

/** The region `#agents-tabs`. */
export function presentTabs({ counts, registered }: AgentBoard, query: BoardQuery) {
  const shown = tabs.filter(({ tab, isHiddenWhenEmpty }) => !isHiddenWhenEmpty || counts[tab ?? 'all'] > 0)
  return {
    agents: registered,
    chosen: query.tab ?? '',
    tabs: shown.map(({ tab, word, tone }) => {
      const agents = counts[tab ?? 'all']
      return {
        id: `agents-tab-${tab ?? 'all'}`,
        word,
        agents: formatNumber(agents),
        tone: agents > 0 ? (tone ?? '') : '',
        isChosen: tab === query.tab,
        path: paths.agents(boardFields({ ...query, tab, page: 1 })),
      }
    }),
  }
}

/** The region `#agents-head`. */
export function presentHead({ registered, checkedAt, intervalMs, expired, canCheck }: AgentBoard, times: Times) {
  return {
    agents: registered,
    intervalSeconds: intervalMs / 1000,
    checked: times.moment(checkedAt),
    expired,
    canCheck,
  }
}
