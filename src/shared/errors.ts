export type FieldError = { field: string; message: string }

/** An error with a stable `code`, the HTTP `status` it becomes, and a sentence that people may see. */
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

  /** With what others are not to know, such as where the database is: for admins and the log. */
  get messageForAdmins(): string {
    return this.message
  }
}

export class NotFoundError extends AppError {
  constructor(what: 'agent' | 'run' | 'view' | 'user' | 'token' | 'page', id: string) {
    super(`${what}-not-found`, 404, what === 'page' ? `There is no page at ${id}.` : `There is no ${what} "${id}".`)
  }
}

export class LoginNeededError extends AppError {
  constructor(message = 'Log in first. Programs send a token: "Authorization: Bearer ca_…".') {
    super('login-needed', 401, message)
  }
}

/** 403: who asks is known, and may not do this. */
export class ForbiddenError extends AppError {
  constructor(message: string) {
    super('forbidden', 403, message)
  }
}

/** 410: runs of that age are deleted. */
export class RunDeletedError extends NotFoundError {
  override readonly code = 'run-deleted'
  override readonly status = 410

  constructor(id: string, message: string) {
    super('run', id)
    this.message = message
  }
}

export class InvalidInputError extends AppError {
  constructor(fields: FieldError[], message?: string) {
    super('invalid-input', 422, message ?? fields[0]?.message ?? 'The request is not valid.', fields)
  }
}

export class BadAddressError extends AppError {
  constructor(message: string, field = 'agent_url') {
    super('bad-address', 400, message, [{ field, message }])
  }
}

export class AgentUnavailableError extends AppError {
  readonly agentId: string | undefined

  constructor(message: string, { field, agentId }: { field?: string; agentId?: string } = {}) {
    super('agent-unavailable', 503, message, field === undefined ? [] : [{ field, message }])
    this.agentId = agentId
  }
}

export class ConflictError extends AppError {
  constructor(message: string) {
    super('conflict', 409, message)
  }
}

export class StoreBusyError extends AppError {
  constructor(why = 'The database is locked by another program.') {
    super('store-busy', 503, `${why} Nothing was saved; try again in a moment.`)
  }
}

/** The connection ended while the database saved something. */
export class StoreUncertainError extends AppError {
  constructor() {
    super(
      'store-uncertain',
      503,
      'The connection to the database broke while this was being saved. Check whether it was before you try again.',
    )
  }
}

type Fault = { kind: string; reason: string; reasonForAdmins: string }

export class StorageFaultError extends AppError {
  readonly #whole: string

  constructor({ kind, reason, reasonForAdmins }: Fault, wanted: 'read' | 'write') {
    const begin = wanted === 'write' ? 'Nothing was saved. ' : ''
    super(`storage-${kind}`, kind === 'full' ? 507 : 503, begin + reason)
    this.#whole = begin + reasonForAdmins
  }

  override get messageForAdmins(): string {
    return this.#whole
  }
}

/** Thrown while the program starts, never by a request. */
export class StoreOpenError extends AppError {
  constructor(message: string) {
    super('store-open', 500, message)
  }
}

export class MoveError extends AppError {
  constructor(message: string) {
    super('move-failed', 500, message)
  }
}

export class BackupError extends AppError {
  constructor(message: string) {
    super('backup-failed', 500, message)
  }
}

export class SecretKeyError extends AppError {
  readonly #whole: string

  constructor(path: string, code: string) {
    const what = 'Nothing was saved: the key that encrypts credentials cannot be written'
    super('secret-key', 503, `${what} (${code}).`)
    this.#whole = `${what} to ${path} (${code}).`
  }

  override get messageForAdmins(): string {
    return this.#whole
  }
}

/** Nothing is beside a database on another machine. */
export class SecretKeyMissingError extends AppError {
  constructor() {
    super(
      'secret-key',
      503,
      'Nothing was saved: with PostgreSQL, the key that encrypts credentials is a setting. Set CONFIGURABLE_AGENTS_SECRET_KEY to what "openssl rand -hex 32" prints, and start again.',
    )
  }
}
