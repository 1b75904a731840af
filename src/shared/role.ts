/** What a route needs of who asks: to read, to run things, or to change what is there. `anyone` is for what has no secrets. */
export type Role = 'anyone' | 'viewer' | 'operator' | 'admin'
