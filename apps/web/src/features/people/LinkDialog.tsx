'use client';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { dateTime } from '../../ui/format.ts';
import type { NewLink } from './PeoplePage.tsx';

/** The one moment in which this link can be read. */
export function LinkDialog({ newLink, onClose }: { newLink: NewLink | null; onClose: () => void }) {
  return (
    <Dialog
      open={newLink !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`One-time link for ${newLink?.name ?? ''}`}
      description="Whoever opens it sets the password of this account, so hand it over privately. It is not shown again."
      footer={<Button onClick={onClose}>Done</Button>}
    >
      {newLink && (
        <>
          <div className="flex gap-2">
            <Input
              readOnly
              aria-label="One-time link"
              value={newLink.link.url}
              onFocus={(event) => event.currentTarget.select()}
              className="font-mono text-xs"
            />
            <CopyButton text={newLink.link.url} label="Copy the link" said="Link copied" variant="primary">
              Copy
            </CopyButton>
          </div>
          <p className="mt-2 text-muted text-xs">Good once, until {dateTime(newLink.link.expiresAt)}.</p>
        </>
      )}
    </Dialog>
  );
}
