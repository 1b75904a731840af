import { settings } from '../../config.ts'
import type { AuditPage } from '../../orchestrator/audit/audit.ts'
import type { FieldError } from '../../shared/errors.ts'
import { plural } from '../../shared/plural.ts'
import { localMoment } from '../format/local-moments.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentEntry } from './rows.ts'
import { actionChoices } from './words.ts'

export type Fields = Record<string, string>

type Asked = {
  fields: Fields
  from?: number | undefined
  to?: number | undefined
  /** Undefined where the filter has errors. */
  found: AuditPage | undefined
  errors: FieldError[]
}
type Known = { names: string[]; agents: { id: string; name: string }[]; keepDays: number; times: Times }

export function presentAudit({ fields, from, to, found, errors }: Asked, { names, agents, keepDays, times }: Known) {
  const { older: _, newer, ...filter } = fields
  const field = (name: string, value = fields[name] ?? '') => ({
    ...{ id: `audit-${name}`, name, value },
    error: errors.find((error) => error.field === name)?.message ?? '',
  })
  const moment = (name: string, at: number | undefined) => ({
    ...field(name, localMoment(at, times.zone)),
    name: `local_${name}`,
  })
  const shown = ['by', 'action', 'agent', 'run', 'user', 'from', 'to']
  const page = (position: Fields) => paths.audit({ ...filter, ...position })
  return {
    path: paths.audit(fields),
    kept: {
      sentence: `Entries are kept ${keepDays === 0 ? 'for ever' : `for ${plural(keepDays, 'day')}`}:`,
      variable: settings.keepAuditDays.env,
    },
    filter: {
      by: field('by'),
      action: { ...field('action'), groups: actionChoices(fields.action ?? '') },
      agent: field('agent'),
      run: field('run'),
      user: field('user'),
      from: moment('from', from),
      to: moment('to', to),
      zone: times.zone.wordAt(times.now),
      clearPath: Object.keys(fields).length > 0 ? paths.audit() : '',
      errors: errors.filter(({ field }) => !shown.includes(field)).map(({ message }) => message),
    },
    names,
    agents,
    entries: found?.entries.map((entry) => presentEntry(entry, times)) ?? [],
    empty: found ? emptyWords(filter) : 'Correct the filter to see entries.',
    unwritten: found?.unwritten
      ? `${plural(found.unwritten, 'newer entry', 'newer entries')} could not be saved yet.`
      : '',
    olderPath: found?.older === undefined ? '' : page({ older: found.older }),
    newerPath: found?.newer === undefined ? '' : page({ newer: found.newer }),
    firstPath: newer === undefined && fields.older === undefined ? '' : page({}),
    exportPaths: found
      ? [
          { word: 'CSV', note: 'for spreadsheets', path: paths.exportAudit({ ...filter, format: 'csv' }) },
          { word: 'NDJSON', note: 'an entry per line', path: paths.exportAudit({ ...filter, format: 'ndjson' }) },
        ]
      : [],
  }
}

const emptyWords = (filter: Fields) => (Object.keys(filter).length > 0 ? 'No entries match.' : 'No entries yet.')
