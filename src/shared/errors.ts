/** An error in one named field of what was sent to us; `message` is a sentence for a person. */
export type FieldError = { field: string; message: string }

/**
 * A failure the program can speak of. `code` is stable and `status` is the HTTP status it becomes;
 * `message` is always a sentence that may be shown to a person as it is.
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly fields: FieldError[]

  constructor(code: string, status: number, message: string, fields: FieldError[] = []) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.status = status
    this.fields = fields
  }
}

/** 404: nothing is known under that id. */
export class NotFoundError extends AppError {
  constructor(what: 'agent' | 'run' | 'page', id: string) {
    super(`${what}-not-found`, 404, what === 'page' ? `There is no page at ${id}.` : `There is no ${what} "${id}".`)
  }
}

/** 410: there is no run of that id, as runs of its time are deleted. */
export class RunDeletedError extends NotFoundError {
  override readonly code = 'run-deleted'
  override readonly status = 410

  constructor(id: string, message: string) {
    super('run', id)
    this.message = message
  }
}

/** 422: fields are missing or wrong. The message is the first of them unless one is given. */
export class InvalidInputError extends AppError {
  constructor(fields: FieldError[], message?: string) {
    super('invalid-input', 422, message ?? fields[0]?.message ?? 'The request is not valid.', fields)
  }
}

/** 400: an address that no agent can have. */
export class BadAddressError extends AppError {
  constructor(message: string, field = 'agent_url') {
    super('bad-address', 400, message, [{ field, message }])
  }
}

/** 503: the agent did not answer, or not in a way that can be used. */
export class AgentUnavailableError extends AppError {
  constructor(message: string, field?: string) {
    super('agent-unavailable', 503, message, field === undefined ? [] : [{ field, message }])
  }
}

/** 409: the thing exists, but not in a state that allows this. */
export class ConflictError extends AppError {
  constructor(message: string) {
    super('conflict', 409, message)
  }
}

/** 503: another program held the database's write lock for longer than we wait. */
export class StoreBusyError extends AppError {
  constructor() {
    super('store-busy', 503, 'The database is locked by another program. Nothing was saved; try again in a moment.')
  }
}

/** The database file cannot be written (or read) now; `reason` says why. 507 when the disk is full, else 503. */
export class StorageFaultError extends AppError {
  constructor({ kind, reason }: { kind: string; reason: string }, wanted: 'read' | 'write') {
    const message = wanted === 'write' ? `Nothing was saved. ${reason}` : reason
    super(`storage-${kind}`, kind === 'full' ? 507 : 503, message)
  }
}

/** The database file cannot be used. Thrown while the program starts, never by a request. */
export class StoreOpenError extends AppError {
  constructor(message: string) {
    super('store-open', 500, message)
  }
}

/** 500: a copy of the database could not be made. */
export class BackupError extends AppError {
  constructor(message: string) {
    super('backup-failed', 500, message)
  }
}
