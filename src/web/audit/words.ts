import type { AuditAction } from '../../shared/audit/actions.ts'

const words: Record<AuditAction, string> = {
  'session.login': 'Logged in',
  'session.refuse': 'Login refused',
  'session.logout': 'Logged out',
  'session.end': 'Session ended',
  'user.add': 'User added',
  'user.change': 'User changed',
  'user.password': 'Password set',
  'user.remove': 'User removed',
  'token.add': 'Token created',
  'token.remove': 'Token removed',
  'agent.register': 'Agent registered',
  'agent.update': 'Agent registered again',
  'agent.edit': 'Agent edited',
  'agent.pause': 'Checks paused',
  'agent.resume': 'Checks resumed',
  'agent.remove': 'Agent removed',
  'agent.check': 'Health check requested',
  'run.execute': 'Run executed',
  'run.rerun': 'Rerun',
  'run.cancel': 'Run cancelled',
  'bulk.begin': 'Bulk action started',
  'bulk.end': 'Bulk action ended',
  'view.save': 'View saved',
  'view.rename': 'View renamed',
  'view.share': 'View shared',
  'view.unshare': 'View no longer shared',
  'view.remove': 'View deleted',
  'backup.make': 'Backup started',
  'backup.download': 'Backup downloaded',
  'audit.export': 'Audit exported',
  'audit.lose': 'Entries lost',
}

const groups: Record<string, string> = {
  session: 'Logins',
  user: 'Users',
  token: 'Tokens',
  agent: 'Agents',
  run: 'Runs',
  bulk: 'Bulk actions',
  view: 'Saved views',
  backup: 'Backups',
  audit: 'Audit',
}

/** An action of a later version is shown as it is written. */
export const wordOf = (action: string): string => (words as Record<string, string>)[action] ?? action

export function actionChoices(chosen: string) {
  return Object.entries(groups).map(([group, name]) => ({
    name,
    actions: (Object.keys(words) as AuditAction[])
      .filter((action) => action.startsWith(`${group}.`))
      .map((action) => ({ action, word: words[action], isChosen: action === chosen })),
  }))
}
