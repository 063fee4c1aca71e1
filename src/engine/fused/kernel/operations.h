/*
 * The operations of a program, each its code, its length in integers, and its operands, up to OP_END.
 * Places and strides are in floats: `arena` ones from the engine’s memory, `scratch` ones from
 * the thread’s own scratch area, `gradient` and `statistics` ones from those of the share of rows.
 *
 * Made from the tables in src/engine/fused/format by its tests: change those instead.
 */
#ifndef MMOE_OPERATIONS_H
#define MMOE_OPERATIONS_H

/* Copies the numeric columns of the block’s rows. */
struct op_gather_numeric {
  int to; /* scratch: [rows, numeric columns] */
  int to_stride;
};

/* Copies the embedding of each row’s category. */
struct op_gather_embedding {
  int field; /* column of the categorical values */
  int table; /* arena: [categories, columns] */
  int table_stride;
  int columns; /* width of an embedding */
  int to; /* scratch: [rows, columns] */
  int to_stride;
  int ahead; /* 1: the next block’s rows of the table are fetched into the cache meanwhile */
};

/* Adds each row’s gradient to that of its category’s embedding. */
struct op_scatter_embedding {
  int field; /* column of the categorical values */
  int dx; /* scratch: [rows, columns] */
  int dx_stride;
  int columns; /* width of an embedding */
  int gradient; /* gradient: [categories, columns] */
  int gradient_stride;
};

/* Sums up the embeddings of each row’s list of values, each by its share. */
struct op_gather_lists {
  int field; /* column of the categorical values: places of lists */
  int table; /* arena: [categories, columns] */
  int table_stride;
  int columns; /* width of an embedding */
  int to; /* scratch: [rows, columns] */
  int to_stride;
};

/* Adds each row’s gradient, by share, to those of its list’s embeddings. */
struct op_scatter_lists {
  int field; /* column of the categorical values: places of lists */
  int dx; /* scratch: [rows, columns] */
  int dx_stride;
  int columns; /* width of an embedding */
  int gradient; /* gradient: [categories, columns] */
  int gradient_stride;
};

/* A section of what is kept of each row of the batch (tables/kept.h), from a column on. */
struct kept {
  int before; /* floats of a row in the sections before it */
  int stride; /* floats of a row in this one */
  int column; /* the first column */
};

/* Keeps gradients of the block’s rows until rows of tables are updated. */
struct op_keep_rows {
  int from; /* scratch: [rows, columns] */
  int from_stride;
  int columns; /* columns */
  struct kept to;
  int add; /* 1: they are added to what is kept */
};

/* Sets what is kept of the block’s rows to 0. */
struct op_clear_kept {
  int columns; /* columns */
  struct kept to;
};

/* A one-hot, piecewise or listed field, and where its rows of the weight begin. */
struct one_hot_field {
  int field; /* column of the categorical values */
  int first_row; /* row of the weight for category 0 */
};

/* Sums up the bias and the weight’s rows that the one-hot fields choose. */
struct op_sum_weight_rows {
  int bias; /* arena: [columns] */
  int w; /* arena: [rows of the weight, columns] */
  int w_stride;
  int columns; /* columns of the weight */
  int to; /* scratch: [rows, columns] */
  int to_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Adds each row’s dz to the gradients of the weight’s rows it chose. */
struct op_scatter_weight_rows {
  int dz; /* scratch: [rows, columns] */
  int dz_stride;
  int columns; /* columns of the weight */
  int gradient; /* gradient: [rows of the weight, columns] */
  int gradient_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Adds the weight’s two rows that each piecewise field lies between, by its share. */
struct op_add_placed_rows {
  int w; /* arena: [rows of the weight, columns] */
  int w_stride;
  int columns; /* columns of the weight */
  int to; /* scratch: [rows, columns] */
  int to_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Adds each row’s dz, by share, to the gradients of the rows it lay between. */
struct op_scatter_placed_rows {
  int dz; /* scratch: [rows, columns] */
  int dz_stride;
  int columns; /* columns of the weight */
  int gradient; /* gradient: [rows of the weight, columns] */
  int gradient_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Adds the weight’s rows that the values of each field’s list choose, by share. */
struct op_add_listed_rows {
  int w; /* arena: [rows of the weight, columns] */
  int w_stride;
  int columns; /* columns of the weight */
  int to; /* scratch: [rows, columns] */
  int to_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Adds each row’s dz, by share, to the gradients of the rows its lists chose. */
struct op_scatter_listed_rows {
  int dz; /* scratch: [rows, columns] */
  int dz_stride;
  int columns; /* columns of the weight */
  int gradient; /* gradient: [rows of the weight, columns] */
  int gradient_stride;
  int fields_count;
  struct one_hot_field fields[];
};

/* Computes relu(A sin(2π c x) + B cos(2π c x) + b) of a numeric column x. */
struct op_periodic {
  int x; /* scratch: [rows]: the column */
  int x_stride;
  int frequencies; /* arena: [count]: c */
  int count; /* frequencies */
  int sines; /* arena: [width, count]: A */
  int sines_stride;
  int cosines; /* arena: [width, count]: B */
  int cosines_stride;
  int width; /* of the embedding */
  int y; /* scratch: [rows, width] */
  int y_stride;
  int bias; /* arena: [width] */
};

/* Adds the gradients by c, A, B and b, from dy and what y is. */
struct op_periodic_backward {
  int x; /* scratch: [rows]: the column */
  int x_stride;
  int frequencies; /* arena: [count]: c */
  int count; /* frequencies */
  int sines; /* arena: [width, count]: A */
  int sines_stride;
  int cosines; /* arena: [width, count]: B */
  int cosines_stride;
  int width; /* of the embedding */
  int y; /* scratch: [rows, width] */
  int y_stride;
  int dy; /* scratch: [rows, width] */
  int dy_stride;
  int frequencies_gradient; /* gradient: [frequencies] */
  int sines_gradient; /* gradient: [width, frequencies] */
  int sines_gradient_stride;
  int cosines_gradient; /* gradient: [width, frequencies] */
  int cosines_gradient_stride;
  int bias_gradient; /* gradient: [width] */
};

/* Pools the products of a row’s embeddings. */
struct op_interact {
  int e; /* scratch: [rows, count · width] */
  int e_stride;
  int count; /* embeddings */
  int width; /* of each */
  int y; /* scratch: [rows, width] */
  int y_stride;
};

/* Adds the gradients by the embeddings that were pooled. */
struct op_interact_backward {
  int e; /* scratch: [rows, count · width] */
  int e_stride;
  int count; /* embeddings */
  int width; /* of each */
  int dy; /* scratch: [rows, width] */
  int dy_stride;
  int de; /* scratch: [rows, count · width] */
  int de_stride;
};

/* Copies a weight with rows and columns exchanged. */
struct op_transpose {
  int w; /* arena: [rows, columns] */
  int w_stride;
  int rows; /* rows of the weight */
  int columns; /* columns of the weight */
  int to; /* arena: [columns, rows] */
  int to_stride;
};

/* Sets y to x · w + initial, cut off below its floor, or where `gate` is at it. */
struct op_product {
  int x; /* scratch: [rows, depth] */
  int x_stride;
  int depth; /* columns of x */
  int w; /* arena: [depth, columns] */
  int w_stride;
  int columns; /* columns of w */
  int initial; /* arena, or −1: [columns], the bias; without it y is added to */
  int y; /* scratch: [rows, columns] */
  int y_stride;
  int floors; /* arena: [columns], 0 for ReLU, −∞ for linear */
  int gate; /* scratch, or −1: [rows, columns], the output of the layer below */
  int gate_stride;
};

/* The product that is the gradient of a weight. */
struct weight_product {
  int x; /* scratch: [rows, depth] */
  int x_stride;
  int depth; /* rows of the weight */
  int dz; /* scratch: [rows, columns] */
  int dz_stride;
  int columns; /* columns of the weight */
  int gradient; /* gradient: [depth, columns] */
  int gradient_stride;
};

/* Computes the gradient of a weight. */
struct op_weight_gradient {
  struct weight_product of;
  int add; /* 1: add to what another layer has set */
};

/* Computes the gradient of a bias. */
struct op_bias_gradient {
  int dz; /* scratch: [rows, columns] */
  int dz_stride;
  int columns; /* columns that have a bias */
  int gradient; /* gradient: [columns] */
  int add; /* 1: add to what another layer has set */
};

/* Computes the gradient of a weight whose units may be at rest (layers/active.h). */
struct op_active_gradient {
  struct weight_product of;
  int state; /* gradient: an integer: what the share has set so far */
  int by_unit; /* gradient: [columns, depth], sums unit by unit */
  int by_unit_stride;
  int masks; /* scratch: two rows of columns */
};

/* Brings sums unit by unit into the order of the weight; once for a share. */
struct op_turn_gradient {
  int state; /* gradient: an integer: what the share has set */
  int by_unit; /* gradient: [columns, depth] */
  int by_unit_stride;
  int columns; /* columns of the weight */
  int depth; /* rows of the weight */
  int gradient; /* gradient: [depth, columns] */
  int gradient_stride;
};

/* Sets values of a block to 0. */
struct op_clear {
  int to; /* scratch: [rows, columns] */
  int to_stride;
  int columns; /* columns */
};

/* Sets gradients to 0, before anything is added to them one by one. */
struct op_clear_gradient {
  int gradient; /* gradient: [length] */
  int length; /* floats */
};

/* Applies a smooth activation. */
struct op_activate {
  int kind; /* enum smooth */
  int x; /* scratch: [rows, units] */
  int x_stride;
  int units; /* columns */
  int y; /* scratch: [rows, units] */
  int y_stride;
};

/* Turns the gradient by a smooth activation into that by what it was given. */
struct op_activate_backward {
  int kind; /* enum smooth */
  int x; /* scratch: [rows, units] */
  int x_stride;
  int units; /* columns */
  int dy; /* scratch: [rows, units] */
  int dy_stride;
  int dx; /* scratch: [rows, units] */
  int dx_stride;
};

/* Drops units, of values and of gradients alike; does nothing in evaluation. */
struct op_drop {
  int x; /* scratch: [rows, units] */
  int x_stride;
  int units; /* columns */
  int site; /* where in the network: src/network/draws/draws.ts */
  int threshold; /* the rate · 2^24, rounded up */
  float factor; /* of what stays: 1 / (1 − rate) */
};

/* Normalises over a row’s units. */
struct op_layer_normalize {
  int z; /* scratch: [rows, units] */
  int z_stride;
  int units; /* columns */
  int scale; /* arena: [units] */
  int shift; /* arena: [units] */
  int moments; /* scratch: the rows’ means, then their inverse deviations */
  float floor; /* 0 for ReLU, −∞ for linear */
  int y; /* scratch: [rows, units] */
  int y_stride;
};

/* Computes the gradients of layer normalisation. */
struct op_layer_normalize_backward {
  int z; /* scratch: [rows, units] */
  int z_stride;
  int units; /* columns */
  int scale; /* arena: [units] */
  int moments; /* scratch: as op_layer_normalize left them */
  int dy; /* scratch: [rows, units] */
  int dy_stride;
  int dz; /* scratch: [rows, units] */
  int dz_stride;
  int scale_gradient; /* gradient: [units] */
  int shift_gradient; /* gradient: [units] */
};

/* Takes the moments of a share’s rows; once for a share. */
struct op_batch_moments {
  int z; /* scratch: [rows, units], at the same place of each block */
  int z_stride;
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
};

/* Combines all shares’ moments, and moves the running ones; once for a share. */
struct op_batch_combine {
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
  int running_mean; /* arena: [units] */
  int running_variance; /* arena: [units] */
};

/* Normalises over the batch’s rows, in evaluation by the running statistics. */
struct op_batch_normalize {
  int z; /* scratch: [rows, units] */
  int z_stride;
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
  int running_mean; /* arena: [units] */
  int running_variance; /* arena: [units] */
  int scale; /* arena: [units] */
  int shift; /* arena: [units] */
  float floor; /* 0 for ReLU, −∞ for linear */
  int y; /* scratch: [rows, units] */
  int y_stride;
};

/* Computes the gradients of scale and shift, and the share’s own sums. */
struct op_batch_gradients {
  int z; /* scratch: [rows, units] */
  int z_stride;
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
  int dy; /* scratch: [rows, units] */
  int dy_stride;
  int scale_gradient; /* gradient: [units] */
  int shift_gradient; /* gradient: [units] */
};

/* Combines all shares’ sums of gradients; once for a share. */
struct op_batch_combine_gradients {
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
};

/* Computes the gradient by what batch normalisation was given. */
struct op_batch_normalize_backward {
  int z; /* scratch: [rows, units] */
  int z_stride;
  int units; /* columns */
  int statistics; /* statistics: the layer’s, BATCH_PARTS rows */
  int scale; /* arena: [units] */
  int dy; /* scratch: [rows, units] */
  int dy_stride;
  int dz; /* scratch: [rows, units] */
  int dz_stride;
};

/* Weighs the experts by a softmax. */
struct op_gate {
  int z; /* scratch: [rows, experts] */
  int z_stride;
  int experts; /* experts that the gate may see */
  float inverse_temperature; /* 1 / temperature */
  int p; /* scratch: [experts, rows] */
};

/* Computes the gradient by the logits of any softmax over experts. */
struct op_gate_backward {
  int p; /* scratch: [experts, rows] */
  int dp; /* scratch: [experts, rows] */
  int experts; /* experts that the gate may see */
  float inverse_temperature; /* 1 / temperature */
  int dz; /* scratch: [rows, experts] */
  int dz_stride;
};

/* Gives all rows the same weights. */
struct op_constants {
  int values; /* arena: [experts] */
  int experts; /* experts that the route may see */
  int p; /* scratch: [experts, rows] */
};

/* Adds the gradients of weights that all rows have. */
struct op_constants_backward {
  int dp; /* scratch: [experts, rows] */
  int experts; /* experts that the route may see */
  int gradient; /* gradient: [experts] */
};

/* Weighs the experts that are left, or chosen, by a softmax over them. */
struct op_choice {
  int z; /* scratch: [rows, experts] */
  int z_stride;
  int experts; /* experts that the gate may see */
  float inverse_temperature; /* 1 / temperature */
  int p; /* scratch: [experts, rows] */
  int count; /* how many experts are chosen */
  int threshold; /* dropout’s rate · 2^24, rounded up; 0: no dropout */
  int site; /* of dropout: src/network/draws/draws.ts */
};

/* Adds noise to the logits; does nothing in evaluation. */
struct op_noise {
  int z; /* scratch: [rows, experts] */
  int z_stride;
  int u; /* scratch: [rows, experts], becomes what op_noise_backward multiplies with */
  int u_stride;
  int experts; /* experts that the gate may see */
  int site; /* of the noise: src/network/draws/draws.ts */
};

/* Computes the gradient by what scales the noise. */
struct op_noise_backward {
  int dz; /* scratch: [rows, experts] */
  int dz_stride;
  int u; /* scratch: [rows, experts], as op_noise left it */
  int u_stride;
  int experts; /* experts that the gate may see */
  int du; /* scratch: [rows, experts] */
  int du_stride;
};

/* A gate of selectors (gates/selectors.h). */
struct selector_gate {
  int a; /* scratch: [rows, count], the selectors’ logits */
  int a_stride;
  int c; /* scratch: [rows, count · bits], the codes */
  int c_stride;
  int count; /* selectors */
  int bits; /* of a code */
  int experts; /* experts that the gate may see */
  float inverse_temperature; /* 1 / temperature */
  float inverse_width; /* 1 / γ, the width of the smooth step */
  int p; /* scratch: [experts, rows], the weights */
  int sigma; /* scratch: [count, rows], the selectors’ own weights */
  int scale; /* scratch: [rows], what dropout divided by */
  int work; /* scratch: 2^(bits + 1) vectors */
};

/* Weighs the experts by selectors. */
struct op_select {
  struct selector_gate of;
  int threshold; /* dropout’s rate · 2^24, rounded up; 0: no dropout */
  int site; /* of dropout: src/network/draws/draws.ts */
};

/* Computes the gradients by the selectors’ logits and codes. */
struct op_select_backward {
  struct selector_gate of;
  int dp; /* scratch, or −1: [experts, rows], becomes the derivative by the undivided weights */
  float entropy; /* factor of the entropy’s mean over the batch */
  int da; /* scratch: [rows, count] */
  int da_stride;
  int dc; /* scratch: [rows, count · bits] */
  int dc_stride;
};

/* Adds up a share’s weights, or its load, over the rows. */
struct op_importance {
  int p; /* scratch: [experts, rows] */
  int experts; /* experts that the gate may see */
  int sums; /* sums: [experts] */
};

/* Adds the gradient of the importance loss. */
struct op_balance {
  int sums; /* sums: [experts] */
  float factor; /* of the loss */
  int dp; /* scratch: [experts, rows] */
  int experts; /* experts that the gate may see */
  int add; /* 1: dp holds something already */
};

/* Computes the chances of being chosen; before op_noise, not in evaluation. */
struct op_load {
  int z; /* scratch: [rows, experts], without noise */
  int z_stride;
  int u; /* scratch: [rows, experts], what scales the noise */
  int u_stride;
  int experts; /* experts that the gate may see */
  int count; /* how many experts are chosen */
  int site; /* of the noise: src/network/draws/draws.ts */
  int parts; /* scratch: [LOAD_PARTS, experts, rows] */
};

/* Adds the gradients of the load loss; after op_noise_backward. */
struct op_load_backward {
  int sums; /* sums: [experts] */
  float factor; /* of the loss */
  int parts; /* scratch: [LOAD_PARTS, experts, rows] */
  int experts; /* experts that the gate may see */
  int u; /* scratch: [rows, experts], as op_noise left it */
  int u_stride;
  int dz; /* scratch: [rows, experts] */
  int dz_stride;
  int du; /* scratch: [rows, experts] */
  int du_stride;
};

/* An expert’s output, and its weights in this stream. */
struct mix_term {
  int h; /* scratch: [rows, width] */
  int h_stride;
  int p; /* scratch: [rows] */
};

/* Sets a stream to the weighted sum of its experts. */
struct op_mix {
  int out; /* scratch: [rows, width] */
  int out_stride;
  int width; /* columns */
  int terms_count;
  struct mix_term terms[];
};

/* A stream that takes this expert. */
struct mix_gradient_term {
  int dout; /* scratch: [rows, width] */
  int dout_stride;
  int p; /* scratch: [rows] */
  int dp; /* scratch, or −1: [rows], the gradient by p */
  int add; /* 1: dp holds something already */
};

/* Computes the gradients by an expert’s output and by its weights. */
struct op_mix_backward {
  int h; /* scratch: [rows, width] */
  int h_stride;
  int dh; /* scratch: [rows, width] */
  int dh_stride;
  int width; /* columns */
  float floor; /* the expert’s: 0 for ReLU, −∞ for others */
  int terms_count;
  struct mix_gradient_term terms[];
};

/* The weights of an expert in one stream. */
struct route_weights {
  int p; /* scratch: [rows] */
};

/* Lists the rows of the block that some stream takes an expert for. */
struct op_choose_rows {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int terms_count;
  struct route_weights terms[];
};

/* Lets the operations up to op_off_rows work on the listed rows alone, side by side. */
struct op_on_rows {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int index; /* scratch: the rows’ numbers in the loaded rows */
  int skip; /* integers up to op_off_rows, for where the list is empty */
};

/* Copies the listed rows side by side. */
struct op_gather_rows {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int from; /* scratch: [rows, columns] */
  int from_stride;
  int columns; /* columns */
  int to; /* scratch: [listed rows, columns] */
  int to_stride;
};

/* Adds rows that lie side by side to the listed ones. */
struct op_scatter_rows {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int from; /* scratch: [listed rows, columns] */
  int from_stride;
  int columns; /* columns */
  int to; /* scratch: [rows, columns] */
  int to_stride;
};

/* A stream that may take this expert. */
struct sparse_mix_term {
  int out; /* scratch: [rows, width] */
  int out_stride;
  int p; /* scratch: [rows] */
};

/* Adds an expert’s weighted output to the listed rows of its streams. */
struct op_mix_rows {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int h; /* scratch: [listed rows, width] */
  int h_stride;
  int width; /* columns */
  int terms_count;
  struct sparse_mix_term terms[];
};

/* A stream that takes this expert. */
struct sparse_gradient_term {
  int dout; /* scratch: [rows, width] */
  int dout_stride;
  int p; /* scratch: [rows] */
  int dp; /* scratch, or −1: [rows], the gradient by p */
};

/* Does what op_mix_backward does, for the listed rows. */
struct op_mix_rows_backward {
  int list; /* scratch: a list of rows: its length, then the rows’ numbers in the block */
  int h; /* scratch: [listed rows, width] */
  int h_stride;
  int dh; /* scratch: [listed rows, width] */
  int dh_stride;
  int width; /* columns */
  float floor; /* the expert’s: 0 for ReLU, −∞ for others */
  int terms_count;
  struct sparse_gradient_term terms[];
};

/* Adds up a task’s loss, and computes its gradient by what the tower gives. */
struct op_loss {
  int kind; /* enum loss */
  int task; /* number of the task */
  int outputs; /* columns of z */
  int z; /* scratch: [rows, outputs] */
  int z_stride;
  int dz; /* scratch: [rows, outputs] */
  int dz_stride;
};

/* Writes a task’s predictions, row after row of the call. */
struct op_predict {
  int kind; /* enum loss */
  int outputs; /* columns of z */
  int z; /* scratch: [rows, outputs] */
  int z_stride;
  int to; /* arena: [rows of the call, outputs] */
};

/* Writes the weights of one expert in one stream: to[row, column] = p[row]. */
struct op_copy_route {
  int p; /* scratch, or −1: [rows]; without it zeros */
  int to; /* arena: [rows of the call, streams · experts] */
  int to_stride;
  int column; /* column of `to` */
};

/* Writes the outputs of one expert. */
struct op_copy_expert {
  int h; /* scratch: [rows, width] */
  int h_stride;
  int width; /* columns */
  int to; /* arena: [rows of the call, experts · width], from the expert’s first column on */
  int to_stride;
};

/* A row of one of the parameters. */
struct flat_row {
  int at; /* parameters: [columns] */
};

/* Adds the gradient of the distance between the same row of several parameters. */
struct op_distance {
  float factor; /* 2 · strength */
  int columns; /* columns of a row */
  int places_count;
  struct flat_row places[];
};

/* The operations’ codes. */
enum operation {
  OP_END = 0,
  OP_GATHER_NUMERIC = 1,
  OP_GATHER_EMBEDDING = 2,
  OP_SCATTER_EMBEDDING = 3,
  OP_GATHER_LISTS = 4,
  OP_SCATTER_LISTS = 5,
  OP_KEEP_ROWS = 6,
  OP_CLEAR_KEPT = 7,
  OP_SUM_WEIGHT_ROWS = 8,
  OP_SCATTER_WEIGHT_ROWS = 9,
  OP_ADD_PLACED_ROWS = 10,
  OP_SCATTER_PLACED_ROWS = 11,
  OP_ADD_LISTED_ROWS = 12,
  OP_SCATTER_LISTED_ROWS = 13,
  OP_PERIODIC = 14,
  OP_PERIODIC_BACKWARD = 15,
  OP_INTERACT = 16,
  OP_INTERACT_BACKWARD = 17,
  OP_TRANSPOSE = 18,
  OP_PRODUCT = 19,
  OP_WEIGHT_GRADIENT = 20,
  OP_BIAS_GRADIENT = 21,
  OP_ACTIVE_GRADIENT = 22,
  OP_TURN_GRADIENT = 23,
  OP_CLEAR = 24,
  OP_CLEAR_GRADIENT = 25,
  OP_ACTIVATE = 26,
  OP_ACTIVATE_BACKWARD = 27,
  OP_DROP = 28,
  OP_LAYER_NORMALIZE = 29,
  OP_LAYER_NORMALIZE_BACKWARD = 30,
  OP_BATCH_MOMENTS = 31,
  OP_BATCH_COMBINE = 32,
  OP_BATCH_NORMALIZE = 33,
  OP_BATCH_GRADIENTS = 34,
  OP_BATCH_COMBINE_GRADIENTS = 35,
  OP_BATCH_NORMALIZE_BACKWARD = 36,
  OP_GATE = 37,
  OP_GATE_BACKWARD = 38,
  OP_CONSTANTS = 39,
  OP_CONSTANTS_BACKWARD = 40,
  OP_CHOICE = 41,
  OP_NOISE = 42,
  OP_NOISE_BACKWARD = 43,
  OP_SELECT = 44,
  OP_SELECT_BACKWARD = 45,
  OP_IMPORTANCE = 46,
  OP_BALANCE = 47,
  OP_LOAD = 48,
  OP_LOAD_BACKWARD = 49,
  OP_MIX = 50,
  OP_MIX_BACKWARD = 51,
  OP_CHOOSE_ROWS = 52,
  OP_ON_ROWS = 53,
  OP_OFF_ROWS = 54,
  OP_GATHER_ROWS = 55,
  OP_SCATTER_ROWS = 56,
  OP_MIX_ROWS = 57,
  OP_MIX_ROWS_BACKWARD = 58,
  OP_LOSS = 59,
  OP_PREDICT = 60,
  OP_COPY_ROUTE = 61,
  OP_COPY_EXPERT = 62,
  OP_DISTANCE = 63,
};

/* All operations that the interpreter has a function for: M(code, name). */
#define EVERY_OPERATION(M) \
  M(OP_GATHER_NUMERIC, gather_numeric) \
  M(OP_GATHER_EMBEDDING, gather_embedding) \
  M(OP_SCATTER_EMBEDDING, scatter_embedding) \
  M(OP_GATHER_LISTS, gather_lists) \
  M(OP_SCATTER_LISTS, scatter_lists) \
  M(OP_KEEP_ROWS, keep_rows) \
  M(OP_CLEAR_KEPT, clear_kept) \
  M(OP_SUM_WEIGHT_ROWS, sum_weight_rows) \
  M(OP_SCATTER_WEIGHT_ROWS, scatter_weight_rows) \
  M(OP_ADD_PLACED_ROWS, add_placed_rows) \
  M(OP_SCATTER_PLACED_ROWS, scatter_placed_rows) \
  M(OP_ADD_LISTED_ROWS, add_listed_rows) \
  M(OP_SCATTER_LISTED_ROWS, scatter_listed_rows) \
  M(OP_PERIODIC, periodic) \
  M(OP_PERIODIC_BACKWARD, periodic_backward) \
  M(OP_INTERACT, interact) \
  M(OP_INTERACT_BACKWARD, interact_backward) \
  M(OP_TRANSPOSE, transpose) \
  M(OP_PRODUCT, product) \
  M(OP_WEIGHT_GRADIENT, weight_gradient) \
  M(OP_BIAS_GRADIENT, bias_gradient) \
  M(OP_ACTIVE_GRADIENT, active_gradient) \
  M(OP_TURN_GRADIENT, turn_gradient) \
  M(OP_CLEAR, clear) \
  M(OP_CLEAR_GRADIENT, clear_gradient) \
  M(OP_ACTIVATE, activate) \
  M(OP_ACTIVATE_BACKWARD, activate_backward) \
  M(OP_DROP, drop) \
  M(OP_LAYER_NORMALIZE, layer_normalize) \
  M(OP_LAYER_NORMALIZE_BACKWARD, layer_normalize_backward) \
  M(OP_BATCH_MOMENTS, batch_moments) \
  M(OP_BATCH_COMBINE, batch_combine) \
  M(OP_BATCH_NORMALIZE, batch_normalize) \
  M(OP_BATCH_GRADIENTS, batch_gradients) \
  M(OP_BATCH_COMBINE_GRADIENTS, batch_combine_gradients) \
  M(OP_BATCH_NORMALIZE_BACKWARD, batch_normalize_backward) \
  M(OP_GATE, gate) \
  M(OP_GATE_BACKWARD, gate_backward) \
  M(OP_CONSTANTS, constants) \
  M(OP_CONSTANTS_BACKWARD, constants_backward) \
  M(OP_CHOICE, choice) \
  M(OP_NOISE, noise) \
  M(OP_NOISE_BACKWARD, noise_backward) \
  M(OP_SELECT, select) \
  M(OP_SELECT_BACKWARD, select_backward) \
  M(OP_IMPORTANCE, importance) \
  M(OP_BALANCE, balance) \
  M(OP_LOAD, load) \
  M(OP_LOAD_BACKWARD, load_backward) \
  M(OP_MIX, mix) \
  M(OP_MIX_BACKWARD, mix_backward) \
  M(OP_CHOOSE_ROWS, choose_rows) \
  M(OP_GATHER_ROWS, gather_rows) \
  M(OP_SCATTER_ROWS, scatter_rows) \
  M(OP_MIX_ROWS, mix_rows) \
  M(OP_MIX_ROWS_BACKWARD, mix_rows_backward) \
  M(OP_LOSS, loss) \
  M(OP_PREDICT, predict) \
  M(OP_COPY_ROUTE, copy_route) \
  M(OP_COPY_EXPERT, copy_expert) \
  M(OP_DISTANCE, distance)

#endif
