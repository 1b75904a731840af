export const acceptedAnother = 'its TLS certificate is another one than the accepted one'
export const notAccepted = 'its TLS certificate is not accepted'

/** Whether a reason or an error of ours says that an agent's certificate was refused. */
export const tellsOfCertificate = (said: string): boolean =>
  said.includes(acceptedAnother) || said.includes(notAccepted)
