/** What is wrong with a database, and what a person does about it. */
export type Trouble = { kind: string; what: (database: string) => string; cure: string }

/** For whoever is not to know where it is. */
export const unnamed = 'the database'

const trouble = (kind: string, what: (database: string) => string, cure: string): Trouble => ({ kind, what, cure })

export const unreachable = (why: string): Trouble =>
  trouble(
    'unreachable',
    (database) => `${database} cannot be reached (${why}).`,
    'Check that PostgreSQL is running and that the network works',
  )

export const withoutConnection = trouble(
  'connections',
  (database) => `${database} gives no more connections.`,
  'Close some, or raise max_connections',
)

export const refused = trouble(
  'refused',
  (database) => `${database} does not let the dashboard in, or not do what it has to.`,
  'Check the user, the password and the rights of that user',
)

export const withoutPassword = trouble(
  'refused',
  (database) => `${database} asks for a password.`,
  'Put it into the address, or into the variable PGPASSWORD',
)

export const untrusted = (why: string): Trouble =>
  trouble(
    'unreachable',
    (database) => `The certificate of ${database} is not trusted (${why}).`,
    'Name its authority as sslrootcert in the address, and the host as the certificate has it',
  )

export const withoutTls = trouble(
  'refused',
  (database) => `${database} offers no encrypted connection.`,
  'Turn ssl on in PostgreSQL, or take sslmode off the address',
)

/** `said` is by PostgreSQL, or by the driver of the address. */
export const refusedWith = (said: string): Trouble =>
  trouble('refused', (database) => `${database} cannot be used: ${said}.`, 'Mend the address, or what PostgreSQL names')

export const absent = trouble('absent', (database) => `${database} does not exist.`, 'Create it, or restore it')

export const incomplete = trouble(
  'incomplete',
  (database) => `A table or a column of the dashboard is missing from ${database}.`,
  'Restore a backup',
)

/** The rows and statements of this version may no longer fit its tables. */
export const outdated = trouble(
  'outdated',
  (database) => `A newer version of the dashboard has changed the tables of ${database}, and this one cannot use them.`,
  'Start the newer version in the place of this one',
)

export const newer = trouble(
  outdated.kind,
  (database) =>
    `A newer version of the dashboard has changed the tables of ${database}. This one goes on as far as it can.`,
  outdated.cure,
)

export const full = trouble(
  'full',
  (database) => `The disk of PostgreSQL is full: there is no room for ${database}.`,
  'Free some space',
)

export const readOnly = trouble(
  'read-only',
  (database) => `${database} can be read but not written: it may be a standby.`,
  'Check which server the address leads to',
)

export const diskError = trouble(
  'disk-error',
  (database) => `PostgreSQL reported a disk error at ${database}.`,
  'Check the disk and the log of PostgreSQL',
)

export const damaged = trouble(
  'damaged',
  (database) => `${database} is damaged, as PostgreSQL says.`,
  'Look into its log, and restore a backup where that is needed',
)
