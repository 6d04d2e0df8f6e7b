/** How long a run may take where no flag says so. A file without imports, because the command line shows these in its help. */
export const runDefaults = {
  confirmTimeoutSeconds: 60,
  stepTimeoutSeconds: 600,
  lockTimeoutSeconds: 0,
  drainTimeoutSeconds: 30,
} as const;
