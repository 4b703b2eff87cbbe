// Recipes at a size that ends in a second or two.

/** The config with one epoch of few digits for every model. */
export function short(config) {
  // On the test digits, the first of which every site has.
  const small = { ...config, data: { ...config.data, evaluate_on: 'test', evaluated: 100 } };
  small.transfer_set = { ...config.transfer_set, digits: 256 };
  small.training = { ...config.training, epochs: 1 };
  small.models = Object.fromEntries(
    Object.entries(config.models).map(([name, model]) => {
      const own = { ...model };
      if (own.transfer_set) own.transfer_set = { ...own.transfer_set, digits: 256 };
      // Without early stop: the validation digits lie on a sheet that the tests' sites do not have.
      if (own.training) own.training = { ...own.training, epochs: 1, early_stop: null };
      return [name, own];
    }),
  );
  return small;
}
