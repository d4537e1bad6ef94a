import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { ROUTES } from '../../src/contract/routes.ts';
import type { OperationName } from '../../src/contract/routes.ts';
import { uploadFields } from '../../src/contract/uploads.ts';
import { openApi } from '../../src/http/openapi.ts';
import { field, textField } from '../support/http.ts';

const api = openApi('1.0.0');

function operation(name: OperationName): unknown {
  const [method = '', path = ''] = ROUTES[name].split(' ');
  return field(api, 'paths', path, method.toLowerCase());
}

const headersOf = (of: unknown) => {
  const parameters = field(of, 'parameters');
  return Array.isArray(parameters)
    ? parameters
        .filter((one: unknown) => textField(one, 'in') === 'header')
        .map((one: unknown) => textField(one, 'name'))
    : [];
};

describe('the description of the API', () => {
  it.each(Object.keys(OPERATIONS) as OperationName[])('says in a few words what %s does', (name) => {
    expect(textField(operation(name), 'summary')).toMatch(/^[A-Z].{5,78}[^.]$/);
  });

  it('has every field of the form, beside the file', () => {
    const schema = field(
      operation('uploads.form'),
      'requestBody',
      'content',
      'multipart/form-data',
      'schema',
    );
    expect(Object.keys(field(schema, 'properties') ?? {})).toEqual([
      ...Object.keys(uploadFields.shape),
      'file',
    ]);
    expect(field(schema, 'required')).toEqual(['file']);
  });

  it('names the headers that count', () => {
    for (const name of ['uploads.put', 'uploads.form', 'versions.add'] as const) {
      expect(headersOf(operation(name))).toEqual(['X-Content-SHA256', 'Content-Digest']);
    }
    expect(headersOf(operation('files.get'))).toEqual(['Range', 'If-None-Match']);
  });

  it('has the whole of the resumable upload', () => {
    expect(textField(operation('uploads.resumable'), 'description')).toContain('tus');
    expect(headersOf(operation('uploads.resumable'))).toContain('Upload-Length');
    const one = field(api, 'paths', '/brands/{b}/uploads/resumable/{id}');
    expect(Object.keys(one ?? {})).toEqual(['head', 'patch', 'delete']);
    for (const method of ['head', 'patch', 'delete']) expect(textField(one, method, 'summary')).not.toBe('');
  });
});
