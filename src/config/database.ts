import { z } from 'zod'

const example = 'postgres://user:password@host:5432/name'

/** Whether the setting names a PostgreSQL database; else it is a file. */
export const isPostgres = (db: string): boolean => /^postgres(ql)?:\/\//i.test(db)

/** Meant as an address, whatever stands before it, and also without its slashes: no file is named like that. */
const isOfServer = (db: string): boolean => /^[^\w/\\.~-]*postgres(?:ql)?:|:\/\//i.test(db)

export const database = () =>
  z
    .string()
    .transform((db) => (isOfServer(db.trim()) ? db.trim() : db))
    .pipe(
      z
        .string()
        .min(1, `must name a file, or a PostgreSQL database as ${example}`)
        .refine((db) => !namesSeveralHosts(db), 'must name one host: several are not supported')
        .refine((db) => !isOfServer(db) || isAddress(db), `must be like ${example}, without quotes`),
    )

/** With ports, as psql takes them; without, it is a URL like others. */
function namesSeveralHosts(db: string): boolean {
  const [, authority = ''] = /^[^/]*:\/\/([^/?]*)/.exec(db) ?? []
  return isPostgres(db) && authority.slice(authority.lastIndexOf('@') + 1).includes(',')
}

function isAddress(db: string): boolean {
  return isPostgres(db) && URL.canParse(db) && new URL(db).pathname.length > 1
}

/** As a person knows it: an address without the password, and without parameters, which may hold one. */
export function shownDatabase(db: string): string {
  if (!isOfServer(db)) return db
  if (!isAddress(db)) return 'the database'
  const { protocol, username, hostname, port, pathname, searchParams: asked } = new URL(db)
  // What the parameters name is what the driver uses.
  const user = asked.get('user') || decodeURIComponent(username)
  const host = hostOf(asked.get('host') || hostname)
  const atPort = asked.get('port') || port
  return `${protocol}//${user && `${encodeURIComponent(user)}@`}${host}${atPort && `:${atPort}`}${pathname}`
}

/** A folder is that of a socket. */
function hostOf(host: string): string {
  if (host.startsWith('/')) return encodeURIComponent(host)
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** What was given as one and is none, to be shown: it may hold a password anywhere behind the first colon. */
export function shownMistake(given: string): string {
  return isOfServer(given.trim()) ? given.replace(/(:\/{0,2}[^/@\s:]*):.*@/s, '$1@').replace(/\?.*/s, '?…') : given
}
