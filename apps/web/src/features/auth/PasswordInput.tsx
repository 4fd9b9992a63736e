'use client';
import { Eye, EyeOff } from 'lucide-react';
import type { InputHTMLAttributes, Ref } from 'react';
import { useState } from 'react';
import { IconButton } from '../../ui/Button.tsx';
import { Input } from '../../ui/Field.tsx';

export function PasswordInput(props: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input {...props} type={shown ? 'text' : 'password'} className="h-9 pr-9" />
      <IconButton
        label={shown ? 'Hide what is typed' : 'Show what is typed'}
        size="sm"
        className="absolute top-1 right-1"
        onClick={() => setShown(!shown)}
        icon={shown ? <EyeOff aria-hidden className="size-3.5" /> : <Eye aria-hidden className="size-3.5" />}
      />
    </div>
  );
}
