/** Why a file cannot be read, by the system's error codes. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  EISDIR: "it is a folder",
  ENOTDIR: "a folder of its path is a file",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "its path or a name in it is too long",
  EMFILE: "too many files are open already",
  ENFILE: "too many files are open already",
  ENOMEM: "this machine has no memory left",
  EIO: "its disk does not answer properly",
  ENXIO: "its device is not there",
  ENODEV: "its device is not there",
  EBUSY: "another program is holding it",
  EAGAIN: "another program is holding it",
  EOVERFLOW: "it is too large",
  ESTALE: "the file server does not know it any more",
  ETIMEDOUT: "the file server does not answer",
  EHOSTDOWN: "the file server does not answer",
  ENOTCONN: "its file system is not connected",
};

/** Why a file could not be read, from what was thrown; never the system's own text, which is for programmers. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? "this machine cannot open it";
}
