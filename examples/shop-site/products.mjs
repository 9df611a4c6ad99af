/**
 * The stock of a small shop that sells everywhere: prices are written as people there write them.
 * name | category | price as shown | stock as shown
 */
const lines = `
Trail backpack 45 l|Bags|149,90 €|In stock (12)
City backpack 20 l|Bags|$89.00|In stock (40)
Roll-top courier bag|Bags|£124.50|Only 2 left
Weekender duffel|Bags|CHF 189.00|Sold out
Camera sling|Bags|¥12,800|In stock (7)
Waist pack|Bags|449 Kč|In stock (65)
Dry bag 10 l|Bags|19,95 €|In stock (120)
Two-person tent|Tents|1.299,00 €|Only 3 left
Ultralight solo tent|Tents|$649.99|In stock (5)
Family tunnel tent|Tents|£1,049.00|In stock (4)
Bivouac sack|Tents|CHF 239.90|In stock (9)
Tarp 3 × 3 m|Tents|2 190 Kč|In stock (22)
Footprint, two-person|Tents|49,50 €|In stock (31)
Titanium stakes, set of 8|Tents|¥4,980|Sold out
Gas stove|Kitchen|59,95 €|In stock (48)
Alcohol stove|Kitchen|$24.50|In stock (80)
Titanium pot 900 ml|Kitchen|£54.00|In stock (17)
Folding kettle|Kitchen|CHF 39.50|Only 1 left
Spork|Kitchen|129 Kč|In stock (300)
Coffee dripper|Kitchen|¥2,400|In stock (26)
Insulated mug|Kitchen|34,90 €|In stock (54)
Down sleeping bag -5 °C|Sleeping|459,00 €|In stock (6)
Synthetic sleeping bag 5 °C|Sleeping|$179.95|In stock (18)
Silk liner|Sleeping|£44.99|In stock (33)
Self-inflating mat|Sleeping|CHF 119.00|In stock (14)
Foam mat|Sleeping|799 Kč|In stock (90)
Inflatable pillow|Sleeping|¥3,200|In stock (41)
Hammock|Sleeping|79,00 €|Sold out
Head torch 400 lm|Light|69,95 €|In stock (37)
Lantern|Light|$44.00|In stock (21)
Bike light set|Light|£39.50|In stock (28)
Candle lantern|Light|CHF 29.90|In stock (15)
Solar charger 20 W|Light|2 890 Kč|Only 2 left
Power bank 20 Ah|Light|¥6,980|In stock (73)
Glow sticks, set of 10|Light|9,90 €|In stock (200)
First-aid kit|Safety|32,50 €|In stock (58)
Water filter|Safety|$49.95|In stock (44)
Whistle|Safety|£6.99|In stock (150)
Avalanche beacon|Safety|CHF 349.00|Only 1 left
Bear bell|Safety|199 Kč|Sold out
Rescue blanket|Safety|¥480|In stock (500)
Compass|Safety|27,95 €|In stock (62)
Climbing rope 60 m|Climbing|189,90 €|In stock (11)
Harness|Climbing|$79.95|In stock (16)
Belay device|Climbing|£34.99|In stock (29)
Quickdraws, set of 6|Climbing|CHF 99.00|In stock (13)
Chalk bag|Climbing|399 Kč|In stock (55)
Helmet|Climbing|¥9,800|Only 3 left
Carabiner|Climbing|12,90 €|In stock (140)
`;

/** @typedef {{ name: string, category: string, price: string, stock: string }} Product */

/** @type {readonly Product[]} */
export const products = lines.trim().split('\n').map((line) => {
  const [name = '', category = '', price = '', stock = ''] = line.split('|');
  return { name, category, price, stock };
});

export const perPage = 7;
export const pageCount = Math.ceil(products.length / perPage);

/** @param {number} page counts from 1 */
export const productsOf = (page) => products.slice((page - 1) * perPage, page * perPage);
