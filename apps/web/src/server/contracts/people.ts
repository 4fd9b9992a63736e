import { type Role, roleSchema } from '@twostage/core/access/roles';
import { z } from 'zod';

export const nameSchema = z.string().trim().min(1, 'a name is needed').max(120);
export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email('an e-mail address is needed'));
export const passwordSchema = z
  .string()
  .min(12, 'a password has at least 12 characters')
  .max(128, 'a password has at most 128 characters');
const tokenSchema = z.string().trim().max(200);

export const addPersonInput = z.object({ name: nameSchema, email: emailSchema, role: roleSchema });
export const setRoleInput = z.object({ userId: z.string().min(1), role: roleSchema });
export const userIdInput = z.object({ userId: z.string().min(1) });
export const tokenInput = z.object({ token: tokenSchema });
export const setPasswordInput = z.object({ token: tokenSchema, password: passwordSchema });
export const createFirstAdminInput = z.object({
  token: tokenSchema,
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
});

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
}
export interface Person extends Me {
  active: boolean;
  /** False until they used their link. */
  hasPassword: boolean;
  createdAt: Date;
}
/** Shown once: whoever holds the URL sets the password. */
export interface PasswordLink {
  url: string;
  expiresAt: Date;
}
