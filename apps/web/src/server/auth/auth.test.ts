import { issueSetupToken } from '@twostage/prisma/setupToken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, startTestServer, type TestServer } from '../testing/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

let address = 100;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/auth${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: server.url,
      'x-forwarded-for': `10.1.0.${address++}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });

describe('set-up', () => {
  const admin = { name: 'Ada', email: 'Ada@Example.com ', password };

  it('the setup link makes the first admin, once', async () => {
    expect(await server.api().setup.status.query()).toEqual({ needsFirstAdmin: true });
    const token = (await issueSetupToken(server.prisma))!;
    for (const wrong of [`${token}x`, token.slice(0, 9), '']) {
      await expect(server.api().setup.createFirstAdmin.mutate({ ...admin, token: wrong })).rejects.toThrow(
        /^this setup link was used already, is too old or was not copied whole/,
      );
    }
    const both = await Promise.allSettled([
      server.api().setup.createFirstAdmin.mutate({ ...admin, token }),
      server.api().setup.createFirstAdmin.mutate({ ...admin, email: 'eve@example.com', token }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const users = await server.prisma.user.findMany();
    expect(users.map(({ role }) => role)).toEqual(['admin']);
    await expect(server.api().setup.createFirstAdmin.mutate({ ...admin, token })).rejects.toThrow(/used already/);
    expect(await server.api().setup.status.query()).toEqual({ needsFirstAdmin: false });
    expect(await server.prisma.auditEntry.count({ where: { action: 'person.createFirstAdmin' } })).toBe(1);
    const cookie = await server.signIn(users[0]!.email);
    expect(await server.api(cookie).me.get.query()).toMatchObject({ role: 'admin' });
  });

  it('a second setup token is worthless once there is a person', async () => {
    expect(await issueSetupToken(server.prisma)).toBeNull();
  });
});

describe('sign-in', () => {
  it('refuses a wrong password and an unknown address alike, and gives no cookie', async () => {
    const { email } = await server.addUser('member');
    const wrong = await post('/sign-in/email', { email, password: 'not the password' });
    const unknown = await post('/sign-in/email', { email: 'nobody@example.com', password: 'not the password' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual(await unknown.json());
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  it('has no sign-up', async () => {
    const response = await post('/sign-up/email', { email: 'new@example.com', password, name: 'New' });
    expect(response.status).toBe(400);
    expect(await server.prisma.user.count({ where: { email: 'new@example.com' } })).toBe(0);
  });

  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const { email } = await server.addUser('viewer');
    const response = await post('/sign-in/email', { email, password });
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^twostage\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
  });

  it('is limited to twenty attempts a minute from one address, whatever the client says of itself', async () => {
    const headers = { 'x-forwarded-for': '10.9.9.9' };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 22; attempt++) {
      const body = { email: 'nobody@example.com', password: 'not the password' };
      const spoofed = { ...headers, 'x-twostage-client-address': `10.8.0.${attempt}` };
      statuses.push((await post('/sign-in/email', body, spoofed)).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20)).toEqual([429, 429]);
  });

  it('refuses pages of other sites', async () => {
    const { email } = await server.addUser('viewer');
    const cookie = await server.signIn(email);
    const response = await post('/sign-out', {}, { origin: 'http://evil.example', cookie });
    expect(response.status).toBe(403);
    expect(await server.api(cookie).me.get.query()).toMatchObject({ email });
  });

  it('and a change of password leave an audit row', async () => {
    const { id, email } = await server.addUser('viewer');
    const cookie = await server.signIn(email);
    const change = { currentPassword: password, newPassword: 'another long password' };
    expect((await post('/change-password', { ...change, currentPassword: 'wrong' }, { cookie })).status).toBe(400);
    expect((await post('/change-password', change, { cookie })).status).toBe(200);
    const entries = await server.prisma.auditEntry.findMany({ where: { actorId: id }, orderBy: { at: 'asc' } });
    expect(entries.map(({ action }) => action)).toEqual(['session.start', 'person.changePassword']);
    expect((await post('/sign-in/email', { email, password: change.newPassword })).status).toBe(200);
    const kept = await server.prisma.auditEntry.findMany();
    expect(JSON.stringify(kept)).not.toMatch(/password"|another long/);
  });

  it('cannot change role or active through the auth library', async () => {
    const { id, email } = await server.addUser('viewer');
    const cookie = await server.signIn(email);
    await post('/update-user', { role: 'admin' }, { cookie });
    await post('/update-user', { active: false }, { cookie });
    expect(await server.prisma.user.findUnique({ where: { id } })).toMatchObject({ role: 'viewer', active: true });
  });
});

describe('people', () => {
  it('an added person sets a password by a link that works once', async () => {
    const admin = await server.addUser('admin');
    const api = server.api(await server.signIn(admin.email));
    const { person, link } = await api.people.add.mutate({ name: 'Mo', email: 'MO@example.com', role: 'member' });
    expect(person).toMatchObject({ email: 'mo@example.com', hasPassword: false });
    const token = link.url.split('#')[1]!;
    expect(link.url.startsWith(`${server.url}/set-password#`)).toBe(true);
    expect(await server.api().setup.checkPasswordLink.mutate({ token })).toEqual({ name: 'Mo', email: person.email });
    expect((await post('/sign-in/email', { email: person.email, password })).status).toBe(401);

    const twice = await Promise.allSettled([
      server.api().setup.setPassword.mutate({ token, password }),
      server.api().setup.setPassword.mutate({ token, password: 'another long password' }),
    ]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(server.api().setup.setPassword.mutate({ token, password })).rejects.toThrow(/used already/);
    const stored = await server.prisma.verification.findMany();
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('a new link makes the old one void', async () => {
    const admin = await server.addUser('admin');
    const api = server.api(await server.signIn(admin.email));
    const { person, link } = await api.people.add.mutate({ name: 'Ny', email: 'ny@example.com', role: 'viewer' });
    const renewed = await api.people.renewPasswordLink.mutate({ userId: person.id });
    await expect(server.api().setup.setPassword.mutate({ token: link.url.split('#')[1]!, password })).rejects.toThrow();
    await server.api().setup.setPassword.mutate({ token: renewed.url.split('#')[1]!, password });
    await server.signIn(person.email);
  });

  it('a deactivated person is out at once and cannot come back until let in again', async () => {
    const admin = await server.addUser('admin');
    const api = server.api(await server.signIn(admin.email));
    const member = await server.addUser('member');
    const cookie = await server.signIn(member.email);
    expect(await server.api(cookie).me.get.query()).toMatchObject({ id: member.id });

    await api.people.deactivate.mutate({ userId: member.id });
    expect(await server.api(cookie).me.get.query()).toBeNull();
    await expect(server.api(cookie).runs.list.query({})).rejects.toThrow('sign in first');
    const refused = await post('/sign-in/email', { email: member.email, password });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ message: 'this account was deactivated' });
    await expect(api.people.renewPasswordLink.mutate({ userId: member.id })).rejects.toThrow(/is deactivated/);

    await api.people.reactivate.mutate({ userId: member.id });
    expect(await server.api(cookie).me.get.query()).toBeNull();
    await server.signIn(member.email);
  });

  it('never loses its last admin, not even to two who take the role from each other at once', async () => {
    await server.prisma.user.updateMany({ where: { role: 'admin' }, data: { role: 'viewer' } });
    const [one, two] = [await server.addUser('admin'), await server.addUser('admin')];
    const [first, second] = [server.api(await server.signIn(one.email)), server.api(await server.signIn(two.email))];
    const results = await Promise.allSettled([
      first.people.setRole.mutate({ userId: two.id, role: 'viewer' }),
      second.people.deactivate.mutate({ userId: one.id }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const admins = await server.prisma.user.findMany({ where: { role: 'admin', active: true } });
    expect(admins).toHaveLength(1);
    const last = admins[0]!.id === one.id ? first : second;
    await expect(last.people.deactivate.mutate({ userId: admins[0]!.id })).rejects.toThrow(/is the last active admin/);
    await expect(last.people.setRole.mutate({ userId: admins[0]!.id, role: 'member' })).rejects.toThrow(
      /last active admin/,
    );
  });
});
