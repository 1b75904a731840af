/** What was read, or why it is not valid. At the edge, in web, errors are thrown instead. */
export type Result<Value, Reason = string> = { value: Value } | { error: Reason }
