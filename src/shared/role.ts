/**
 * What a route needs of who asks: to read, to run things, or to change what is there. `anyone` is for what has no secrets,
 * `agent` for what agents say of themselves.
 */
export type Role = 'anyone' | 'agent' | 'viewer' | 'operator' | 'admin'
