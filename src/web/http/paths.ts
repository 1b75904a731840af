import { pageNames } from '../../shared/reserved-ids.ts'
import { published } from './base-path.ts'

export const routes = {
  overview: '/',
  badAddress: '/bad-address',
  assets: '/assets',

  agents: '/orchestrator',
  polledAgents: '/orchestrator/health-check',
  register: '/orchestrator/register',
  testUrl: '/orchestrator/test',
  checkAll: '/orchestrator/check',
  removeExpired: '/orchestrator/remove-expired',
  agent: '/orchestrator/:id',
  agentSchema: '/orchestrator/:id/schema',
  lastAgentSchema: '/orchestrator/:id/schema/last',
  execute: '/orchestrator/:id/execute',
  editAgent: '/orchestrator/:id/edit',
  testAgentEdit: '/orchestrator/:id/edit/test',
  agentMenu: '/orchestrator/:id/menu',
  checkAgent: '/orchestrator/:id/check',
  pauseAgent: '/orchestrator/:id/pause',
  resumeAgent: '/orchestrator/:id/resume',
  removeAgent: '/orchestrator/:id/remove',

  registry: '/r/:token',
  registeredAgents: '/agents',
  registerSelf: '/agents/register',
  registeredAgent: '/agents/:id',
  heartbeat: '/agents/:id/heartbeat',

  runs: '/runs',
  furtherRuns: '/runs/further',
  runChart: '/runs/chart',
  searchFields: '/runs/fields',
  searchHelp: '/runs/search-help',
  exportRuns: '/runs/export',
  savedViews: '/runs/views',
  savedView: '/runs/views/:id',
  deleteSavedView: '/runs/views/:id/delete',
  compare: '/runs/compare',
  bulk: '/runs/bulk',
  bulkAction: '/runs/bulk/:id',
  stopBulkAction: '/runs/bulk/:id/stop',
  closeBulkAction: '/runs/bulk/:id/close',
  run: '/runs/:id',
  peek: '/runs/:id/peek',
  cancelRun: '/runs/:id/cancel',
  rerun: '/runs/:id/rerun',
  runCurl: '/runs/:id/curl',
  nodes: '/runs/:id/nodes',
  nodeState: '/runs/:id/states/:state',
  viewNodeState: '/runs/:id/states/:state/view',
  nodeStateTree: '/runs/:id/states/:state/tree',
  bottleneck: '/runs/:id/bottleneck',
  bottleneckTree: '/runs/:id/bottleneck/tree',
  payload: '/runs/:id/:name',
  payloadTree: '/runs/:id/:name/tree',

  palette: '/palette',

  login: '/login',
  signOn: '/login/sso',
  signOnCallback: '/login/sso/callback',
  signOnLeft: '/login/sso/left',
  logout: '/logout',
  setup: '/setup',

  whoAmI: '/whoami',

  tokens: '/settings/tokens',
  newToken: '/settings/tokens/new',
  token: '/settings/tokens/:id',
  removeToken: '/settings/tokens/:id/remove',

  users: '/settings/users',
  newUser: '/settings/users/new',
  user: '/settings/users/:id',
  userPassword: '/settings/users/:id/password',
  userSessions: '/settings/users/:id/sessions',
  removeUser: '/settings/users/:id/remove',
  endSession: '/settings/sessions/:id/end',
  account: '/settings/account',
  accountPassword: '/settings/account/password',
  endOtherSessions: '/settings/account/end-others',

  audit: '/settings/audit',
  exportAudit: '/settings/audit/export',

  openApi: '/openapi.json',
  apiPage: '/docs/api',

  system: '/system',
  checksAndRetention: '/system/checks',
  backUp: '/system/backup',
  backup: '/system/backup/:name',
  metrics: '/metrics',
  health: '/health',
  readiness: '/readyz',
  liveness: '/healthz',
} as const

type Routes = typeof routes
type Parameters<Route extends string> = Route extends `${string}/:${string}/${infer Rest}`
  ? [string, ...Parameters<`/${Rest}`>]
  : Route extends `${string}/:${string}`
    ? [string]
    : []
type Query = string | Record<string, string | undefined>
type Paths = { [Name in keyof Routes]: (...values: [...Parameters<Routes[Name]>, query?: Query]) => string }

function fill(route: string, values: Query[]): string {
  const rest = [...values]
  const path = route.replace(/:\w+/g, () => encodeURIComponent((rest.shift() as string).toWellFormed()))
  return published(path + search(rest[0]))
}

function search(query: Query = ''): string {
  const known = typeof query === 'string' ? query : Object.entries(query).filter(([, value]) => value !== undefined)
  const written =
    typeof known === 'string'
      ? known
      : new URLSearchParams(known as [string, string][]).toString().replaceAll('+', '%20')
  return written === '' ? '' : `?${written}`
}

const filled = Object.fromEntries(
  Object.entries(routes).map(([name, route]) => [name, (...values: Query[]) => fill(route, values)]),
) as Paths

export const paths = {
  ...filled,
  /** Agents named like a page of ours have theirs elsewhere. */
  agentPage: (id: string, query?: Query) =>
    pageNames.has(id) ? filled.registeredAgent(id, query) : filled.agent(id, query),
}

export function pathsOfAgentPage(id: string): string[] {
  return [filled.agent(id), filled.registeredAgent(id)]
}
