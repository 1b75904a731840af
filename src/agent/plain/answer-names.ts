/** Members of the protocol itself. All others are the result. */
export const envelope = new Set([
  ...['status', 'success', 'ok', 'execution_time_ms', 'job_id', 'message', 'error', 'outputs'],
  ...['usage', 'metadata', 'total_tokens', 'cost_usd', 'total_cost_usd', 'timestamp'],
])
export const jobEnvelope = new Set([
  ...envelope,
  ...['state', 'created_at', 'started_at', 'updated_at', 'completed_at', 'finished_at'],
])
export const besideError = new Set([
  ...['detail', 'details', 'errors', 'error_description', 'error_code', 'error_type', 'error_message', 'exception'],
  ...['code', 'type', 'title', 'reason', 'msg', 'name', 'kind', 'category', 'severity', 'extensions', 'retryable'],
  ...['status_code', 'path', 'instance', 'hint', 'traceback', 'trace', 'stack', 'stack_trace', 'retry_after'],
  ...['request_id', 'trace_id', 'correlation_id', 'id', 'jsonrpc', 'run_id', 'agent', 'workflow', 'version'],
  ...['duration', 'duration_ms', 'inputs', 'input', 'request', 'params', 'model', 'node', 'step', 'stage'],
  ...['method', 'url', 'documentation_url'],
])
export const errorNames = ['error', 'error_message', 'exception']
export const successNames = ['success', 'ok', 'is_success', 'succeeded']
export const inReceipt = /(?:^|_)(?:id|url|uri|href|links?|location|eta|position|at)$/
