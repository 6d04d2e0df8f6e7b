/** What a forced command must do, for errors about logins in which nothing runs. Source: sshd_config(5), ForceCommand. */
export const FORCED_COMMAND =
  "A forced command (ForceCommand in sshd_config, command= in authorized_keys) must run what it is asked for: " +
  'exec sh -c "$SSH_ORIGINAL_COMMAND"';
