/** How far a file is. */
export type SendState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly sent: number }
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Sends one file. XMLHttpRequest, because `fetch` tells nothing of how far a body is.
 * @throws Error with what the server said, or that the connection broke off
 */
export function sendFile(
  uploadId: string,
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/api/v1/uploads/${uploadId}/files/${encodeURIComponent(file.name)}`);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      if (request.status === 200) resolve();
      else reject(new Error(messageIn(request.responseText) ?? `the server answered ${request.status}`));
    };
    request.onerror = () => reject(new Error('the connection broke off'));
    request.onabort = () => reject(new Error('stopped'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    if (signal.aborted) return reject(new Error('stopped'));
    request.send(file);
  });
}

function messageIn(text: string): string | null {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : null;
  } catch {
    return null;
  }
}
