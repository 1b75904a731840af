/** Values by the names of their properties: in the form that both stores share, or as drizzle has them of one store. */
export type Row = Record<string, unknown>
