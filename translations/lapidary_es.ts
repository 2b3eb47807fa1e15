<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Normalisation</name>
    <message>
        <source>None</source>
        <translation>Ninguna</translation>
    </message>
    <message>
        <source>ImageNet</source>
        <translation>ImageNet</translation>
    </message>
    <message>
        <source>−1 to 1</source>
        <translation>−1 a 1</translation>
    </message>
    <message>
        <source>Caffe (BGR mean)</source>
        <translation>Caffe (media BGR)</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Personalizada</translation>
    </message>
</context>
<context>
    <name>QCustomPlot</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>model metadata</source>
        <translation>metadatos del modelo</translation>
    </message>
</context>
<context>
    <name>about</name>
    <message>
        <source>About Lapidary</source>
        <translation>Acerca de Lapidary</translation>
    </message>
    <message>
        <source>A workbench for ONNX models: see, run, measure.</source>
        <translation>Un banco de trabajo para modelos ONNX: ver, ejecutar, medir.</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Software libre bajo la Licencia Pública General de GNU, versión 3 o posterior.</translation>
    </message>
</context>
<context>
    <name>attributes</name>
    <message>
        <source>undefined</source>
        <translation>sin definir</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n nodo</numerusform>
            <numerusform>%n nodos</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>graph name, size</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message numerus="yes">
        <source>%1, … and %n more</source>
        <translation>
            <numerusform>%1, … y %n más</numerusform>
            <numerusform>%1, … y %n más</numerusform>
        </translation>
    </message>
    <message>
        <source>value of %1</source>
        <translation>valor de %1</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>node %1</source>
        <translation>nodo %1</translation>
    </message>
    <message>
        <source>input %1</source>
        <translation>entrada %1</translation>
    </message>
    <message>
        <source>output %1</source>
        <translation>salida %1</translation>
    </message>
    <message>
        <source>expected a file, found a folder</source>
        <translation>se esperaba un archivo y es una carpeta</translation>
    </message>
    <message>
        <source>Choose a file.</source>
        <translation>Elige un archivo.</translation>
    </message>
    <message>
        <source>cannot open the file: No such file or directory</source>
        <translation>no se puede abrir el archivo: no existe</translation>
    </message>
    <message>
        <source>cannot open the file: Permission denied</source>
        <translation>no se puede abrir el archivo: permiso denegado</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>Comprueba la ruta.</translation>
    </message>
    <message>
        <source>Check the file&apos;s permissions.</source>
        <translation>Comprueba los permisos del archivo.</translation>
    </message>
    <message>
        <source>cannot write the file</source>
        <translation>no se puede escribir el archivo</translation>
    </message>
    <message>
        <source>Check the folder and the free space.</source>
        <translation>Comprueba la carpeta y el espacio libre.</translation>
    </message>
    <message>
        <source>There is no file %1.</source>
        <translation>No existe el archivo %1.</translation>
    </message>
    <message>
        <source>the file is empty; expected an ONNX model</source>
        <translation>el archivo está vacío; se esperaba un modelo ONNX</translation>
    </message>
    <message>
        <source>Export or download the file again.</source>
        <translation>Exporta o descarga el archivo de nuevo.</translation>
    </message>
    <message>
        <source>the data cannot be decoded as an ONNX (protobuf) message at byte %1</source>
        <translation>los datos no se pueden leer como mensaje ONNX (protobuf) en el byte %1</translation>
    </message>
    <message>
        <source>The file may be truncated, corrupt or of another format.</source>
        <translation>El archivo puede estar incompleto, dañado o en otro formato.</translation>
    </message>
    <message>
        <source>the file holds no graph, so it is not an ONNX model</source>
        <translation>el archivo no contiene ningún grafo, así que no es un modelo ONNX</translation>
    </message>
    <message>
        <source>Choose a file written by an ONNX exporter.</source>
        <translation>Elige un archivo escrito por un exportador de ONNX.</translation>
    </message>
    <message>
        <source>Save the model with its weights as external data.</source>
        <translation>Guarda el modelo con sus pesos como datos externos.</translation>
    </message>
    <message>
        <source>The file may be truncated or written wrongly.</source>
        <translation>El archivo puede estar incompleto o mal escrito.</translation>
    </message>
    <message>
        <source>The file may be truncated; copy it again beside the model.</source>
        <translation>El archivo puede estar incompleto; vuelve a copiarlo junto al modelo.</translation>
    </message>
    <message>
        <source>node %1: no kernel for %2 of opset %3</source>
        <translation>nodo %1: no hay implementación de %2 del opset %3</translation>
    </message>
    <message>
        <source>The model can still be viewed; this version has no kernel for the nodes above.</source>
        <translation>El modelo se puede ver; esta versión no puede ejecutar los nodos indicados.</translation>
    </message>
    <message>
        <source>expected shape %1, found %2</source>
        <translation>se esperaba la forma %1 y es %2</translation>
    </message>
    <message>
        <source>expected %1, found %2</source>
        <translation>se esperaba %1 y es %2</translation>
    </message>
    <message>
        <source>Give an input that fits the model&apos;s signature.</source>
        <translation>Proporciona una entrada como la que pide el modelo.</translation>
    </message>
    <message>
        <source>Give the input as a file.</source>
        <translation>Proporciona la entrada como archivo.</translation>
    </message>
    <message>
        <source>shapes %1 and %2 do not broadcast: each dimension must be equal or 1, counted from the last</source>
        <translation>las formas %1 y %2 no son compatibles: contando desde la última, cada dimensión debe ser igual o 1</translation>
    </message>
    <message>
        <source>Use a smaller input or close other programs.</source>
        <translation>Usa una entrada más pequeña o cierra otros programas.</translation>
    </message>
    <message>
        <source>Choose the device &apos;cpu&apos;.</source>
        <translation>Elige el dispositivo «cpu».</translation>
    </message>
    <message>
        <source>the folder holds no input_0.pb or output_0.pb</source>
        <translation>la carpeta no contiene input_0.pb ni output_0.pb</translation>
    </message>
    <message>
        <source>Choose a test_data_set_N folder of a model zoo.</source>
        <translation>Elige una carpeta test_data_set_N de una colección de modelos.</translation>
    </message>
    <message>
        <source>This folder holds inputs for a model, but no model is open.</source>
        <translation>Esta carpeta contiene entradas para un modelo, pero no hay ninguno abierto.</translation>
    </message>
    <message>
        <source>Open the model first, then drop the folder again.</source>
        <translation>Abre primero el modelo y vuelve a soltar la carpeta.</translation>
    </message>
    <message>
        <source>No image is chosen.</source>
        <translation>No se ha elegido ninguna imagen.</translation>
    </message>
    <message>
        <source>Choose or drop an image file.</source>
        <translation>Elige o suelta un archivo de imagen.</translation>
    </message>
    <message>
        <source>Choose another image.</source>
        <translation>Elige otra imagen.</translation>
    </message>
    <message>
        <source>Choose a PNG, JPEG, BMP or WebP file.</source>
        <translation>Elige un archivo PNG, JPEG, BMP o WebP.</translation>
    </message>
    <message>
        <source>No file is chosen.</source>
        <translation>No se ha elegido ningún archivo.</translation>
    </message>
    <message>
        <source>Choose or drop a .npy file.</source>
        <translation>Elige o suelta un archivo .npy.</translation>
    </message>
    <message>
        <source>Choose or drop a .pb file.</source>
        <translation>Elige o suelta un archivo .pb.</translation>
    </message>
    <message>
        <source>Write the array with numpy.save.</source>
        <translation>Escribe la matriz con numpy.save.</translation>
    </message>
    <message>
        <source>Choose a text file with one class name in each line.</source>
        <translation>Elige un archivo de texto con un nombre de clase en cada línea.</translation>
    </message>
    <message>
        <source>Choose the other layout, or feed the input from a .npy file.</source>
        <translation>Elige la otra disposición o alimenta la entrada con un archivo .npy.</translation>
    </message>
    <message>
        <source>Choose an image file.</source>
        <translation>Elige un archivo de imagen.</translation>
    </message>
    <message>
        <source>The standard deviation of a channel must not be 0.</source>
        <translation>La desviación típica de un canal no puede ser 0.</translation>
    </message>
    <message>
        <source>Enter 1 to leave the scale as it is.</source>
        <translation>Escribe 1 para dejar la escala como está.</translation>
    </message>
    <message>
        <source>Feed this input from a file or make it up.</source>
        <translation>Alimenta esta entrada con un archivo o con valores generados.</translation>
    </message>
    <message>
        <source>Check that the folder exists and that you may write there.</source>
        <translation>Comprueba que la carpeta existe y que puedes escribir en ella.</translation>
    </message>
    <message>
        <source>There are no numbers in this tensor.</source>
        <translation>No hay números en este tensor.</translation>
    </message>
    <message>
        <source>in the model file</source>
        <translation>en el archivo del modelo</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>en memoria</translation>
    </message>
    <message>
        <source>the archive cannot be unpacked: %1</source>
        <translation>el archivo comprimido no se puede descomprimir: %1</translation>
    </message>
    <message>
        <source>The file may be truncated; download it again.</source>
        <translation>El archivo puede estar incompleto; descárgalo de nuevo.</translation>
    </message>
    <message>
        <source>the archive is locked with a password</source>
        <translation>el archivo comprimido está protegido con contraseña</translation>
    </message>
    <message>
        <source>Unpack it first, then open the model in it.</source>
        <translation>Descomprímelo primero y abre el modelo que contiene.</translation>
    </message>
    <message>
        <source>the archive unpacks to far more than a model has; it was not unpacked</source>
        <translation>el archivo comprimido ocupa al descomprimirse mucho más que un modelo; no se ha descomprimido</translation>
    </message>
    <message>
        <source>If you trust it, unpack it yourself and open the model in it.</source>
        <translation>Si te fías de él, descomprímelo tú y abre el modelo que contiene.</translation>
    </message>
    <message>
        <source>cannot unpack the archive into the temporary folder</source>
        <translation>el archivo comprimido no se puede descomprimir en la carpeta temporal</translation>
    </message>
    <message>
        <source>Check the free space of the folder for temporary files.</source>
        <translation>Comprueba el espacio libre de la carpeta de archivos temporales.</translation>
    </message>
    <message>
        <source>the archive holds no ONNX model; it holds %1</source>
        <translation>el archivo comprimido no contiene ningún modelo ONNX; contiene %1</translation>
    </message>
    <message>
        <source>Choose an archive with one .onnx file in it.</source>
        <translation>Elige un archivo comprimido que contenga un solo archivo .onnx.</translation>
    </message>
    <message>
        <source>the archive holds several models: %1</source>
        <translation>el archivo comprimido contiene varios modelos: %1</translation>
    </message>
    <message>
        <source>Unpack it first, then open one of them.</source>
        <translation>Descomprímelo primero y abre uno de ellos.</translation>
    </message>
    <message>
        <source>the text cannot be read as an ONNX model: %1</source>
        <translation>el texto no se puede leer como modelo ONNX: %1</translation>
    </message>
    <message>
        <source>Correct the text there, or open the binary .onnx file.</source>
        <translation>Corrige el texto en ese lugar o abre el archivo .onnx binario.</translation>
    </message>
    <message>
        <source>this is a Git LFS pointer: a few lines that stand for the model</source>
        <translation>es un puntero de Git LFS: unas líneas en lugar del modelo</translation>
    </message>
    <message>
        <source>Fetch the model itself with &apos;git lfs pull&apos;, or download it from the web page of the repository.</source>
        <translation>Obtén el modelo con «git lfs pull» o descárgalo de la página web del repositorio.</translation>
    </message>
    <message>
        <source>this is a web page that was saved in place of the model</source>
        <translation>es una página web guardada en lugar del modelo</translation>
    </message>
    <message>
        <source>Download the file itself; on a page of a repository that is the link &apos;Download&apos; or &apos;Raw&apos;.</source>
        <translation>Descarga el archivo en sí; en la página de un repositorio es el enlace «Download» o «Raw».</translation>
    </message>
    <message>
        <source>this is an ONNX Runtime model (.ort); it is made from an ONNX model and cannot be turned back</source>
        <translation>es un modelo de ONNX Runtime (.ort); se genera a partir de un modelo ONNX y no se puede volver atrás</translation>
    </message>
    <message>
        <source>Open the .onnx file that it was made from.</source>
        <translation>Abre el archivo .onnx del que se generó.</translation>
    </message>
    <message>
        <source>this is a TensorFlow Lite model, not an ONNX model</source>
        <translation>es un modelo de TensorFlow Lite, no un modelo ONNX</translation>
    </message>
    <message>
        <source>these are weights in GGUF, without a graph</source>
        <translation>son pesos en GGUF, sin grafo</translation>
    </message>
    <message>
        <source>these are weights in safetensors, without a graph</source>
        <translation>son pesos en safetensors, sin grafo</translation>
    </message>
    <message>
        <source>Export the model that they belong to: %1</source>
        <translation>Exporta el modelo al que pertenecen: %1</translation>
    </message>
    <message>
        <source>this is a Keras model (HDF5), not an ONNX model</source>
        <translation>es un modelo de Keras (HDF5), no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a Keras model, not an ONNX model</source>
        <translation>es un modelo de Keras, no un modelo ONNX</translation>
    </message>
    <message>
        <source>Load it in Python and export it: %1</source>
        <translation>Cárgalo en Python y expórtalo: %1</translation>
    </message>
    <message>
        <source>this is a NumPy array, not a model</source>
        <translation>es una matriz de NumPy, no un modelo</translation>
    </message>
    <message>
        <source>these are NumPy arrays, not a model</source>
        <translation>son matrices de NumPy, no un modelo</translation>
    </message>
    <message>
        <source>Open the model first; the page Run takes the array as an input.</source>
        <translation>Abre primero el modelo; la página Ejecutar acepta la matriz como entrada.</translation>
    </message>
    <message>
        <source>this is a picture, not a model</source>
        <translation>es una imagen, no un modelo</translation>
    </message>
    <message>
        <source>Open the model first; the page Run takes the picture as an input.</source>
        <translation>Abre primero el modelo; la página Ejecutar acepta la imagen como entrada.</translation>
    </message>
    <message>
        <source>this is a PyTorch file, not an ONNX model</source>
        <translation>es un archivo de PyTorch, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a TorchScript model, not an ONNX model</source>
        <translation>es un modelo de TorchScript, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a program of torch.export, not an ONNX model</source>
        <translation>es un programa de torch.export, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a Python pickle, not an ONNX model</source>
        <translation>es un pickle de Python, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a TensorRT engine, built for one kind of GPU</source>
        <translation>es un motor de TensorRT, hecho para un tipo de GPU</translation>
    </message>
    <message>
        <source>Open the .onnx file that it was built from.</source>
        <translation>Abre el archivo .onnx con el que se generó.</translation>
    </message>
    <message>
        <source>this is an OpenVINO model, not an ONNX model</source>
        <translation>es un modelo de OpenVINO, no un modelo ONNX</translation>
    </message>
    <message>
        <source>Open the model that it was converted from; OpenVINO has no way back to ONNX.</source>
        <translation>Abre el modelo del que se convirtió; OpenVINO no permite volver a ONNX.</translation>
    </message>
    <message>
        <source>this is a TensorFlow.js model, not an ONNX model</source>
        <translation>es un modelo de TensorFlow.js, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a TensorFlow graph as text, not an ONNX model</source>
        <translation>es un grafo de TensorFlow en texto, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a TensorFlow graph, not an ONNX model</source>
        <translation>es un grafo de TensorFlow, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a TensorFlow SavedModel, not an ONNX model</source>
        <translation>es un SavedModel de TensorFlow, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is an ONNX tensor, not a model</source>
        <translation>es un tensor ONNX, no un modelo</translation>
    </message>
    <message>
        <source>Open the model first; the page Run takes the tensor as an input.</source>
        <translation>Abre primero el modelo; la página Ejecutar acepta el tensor como entrada.</translation>
    </message>
    <message>
        <source>this is a Core ML model, not an ONNX model</source>
        <translation>es un modelo de Core ML, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a Caffe model, not an ONNX model</source>
        <translation>es un modelo de Caffe, no un modelo ONNX</translation>
    </message>
    <message>
        <source>this is a PaddlePaddle model, not an ONNX model</source>
        <translation>es un modelo de PaddlePaddle, no un modelo ONNX</translation>
    </message>
    <message>
        <source>Export the model that it was made from to ONNX.</source>
        <translation>Exporta a ONNX el modelo del que se generó.</translation>
    </message>
    <message>
        <source>Convert it: %1</source>
        <translation>Conviértelo: %1</translation>
    </message>
    <message>
        <source>this is a PDF document, not a model</source>
        <translation>es un documento PDF, no un modelo</translation>
    </message>
    <message>
        <source>Choose an .onnx file.</source>
        <translation>Elige un archivo .onnx.</translation>
    </message>
    <message>
        <source>a PNG of %1 × %2 pixels is too large; it can have 1000000 pixels on a side and 1000000000 in all</source>
        <translation>un PNG de %1 × %2 píxeles es demasiado grande; puede tener 1000000 píxeles por lado y 1000000000 en total</translation>
    </message>
    <message>
        <source>Choose a scale of at most %1, or save SVG or PDF.</source>
        <translation>Elige una escala de %1 como máximo, o guarda en SVG o PDF.</translation>
    </message>
    <message>
        <source>the scale must be greater than 0</source>
        <translation>la escala debe ser mayor que 0</translation>
    </message>
    <message>
        <source>the printer does not take the pages</source>
        <translation>la impresora no acepta las páginas</translation>
    </message>
    <message>
        <source>Check the printer, or print to a file.</source>
        <translation>Comprueba la impresora o imprime en un archivo.</translation>
    </message>
    <message>
        <source>cannot write the file: %1</source>
        <translation>no se puede escribir el archivo: %1</translation>
    </message>
    <message>
        <source>Check the folder and its permissions.</source>
        <translation>Compruebe la carpeta y sus permisos.</translation>
    </message>
    <message>
        <source>Free some space on the disk, or choose another folder.</source>
        <translation>Libere espacio en el disco o elija otra carpeta.</translation>
    </message>
    <message>
        <source>the model is read from this file, which is never changed</source>
        <translation>el modelo se lee de este archivo, que nunca se cambia</translation>
    </message>
    <message>
        <source>Save under another name.</source>
        <translation>Guarde con otro nombre.</translation>
    </message>
    <message>
        <source>the file would have %1 bytes; a protobuf file cannot exceed 2 GB</source>
        <translation>el archivo tendría %1 bytes; un archivo protobuf no puede superar 2 GB</translation>
    </message>
    <message>
        <source>Save the weights in a file of their own.</source>
        <translation>Guarde los pesos en un archivo aparte.</translation>
    </message>
    <message>
        <source>the name %1 is taken by another value</source>
        <translation>el nombre %1 ya lo tiene otro valor</translation>
    </message>
    <message>
        <source>the name %1 is taken by node %2</source>
        <translation>el nombre %1 ya lo tiene el nodo %2</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Elija otro nombre.</translation>
    </message>
    <message>
        <source>a value without a name cannot be read by any node</source>
        <translation>ningún nodo puede leer un valor sin nombre</translation>
    </message>
    <message>
        <source>Enter a name.</source>
        <translation>Escriba un nombre.</translation>
    </message>
    <message>
        <source>%1 is a value of the graph around this body</source>
        <translation>%1 es un valor del grafo que rodea este cuerpo</translation>
    </message>
    <message>
        <source>Rename it in the graph that it comes from.</source>
        <translation>Cambie su nombre en el grafo del que procede.</translation>
    </message>
    <message>
        <source>an entry of the metadata has no key</source>
        <translation>una entrada de los metadatos no tiene clave</translation>
    </message>
    <message>
        <source>Enter a key.</source>
        <translation>Escriba una clave.</translation>
    </message>
    <message>
        <source>the key %1 occurs twice in the metadata</source>
        <translation>la clave %1 aparece dos veces en los metadatos</translation>
    </message>
    <message>
        <source>Choose another key, or remove one of them.</source>
        <translation>Elija otra clave o quite una de ellas.</translation>
    </message>
    <message>
        <source>no tensor is chosen where the part ends</source>
        <translation>no se ha elegido ningún tensor en el que termine la parte</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>Elija al menos uno.</translation>
    </message>
    <message>
        <source>%1 is computed by no node</source>
        <translation>ningún nodo calcula %1</translation>
    </message>
    <message>
        <source>Choose the result of a node as the end.</source>
        <translation>Elija como final el resultado de un nodo.</translation>
    </message>
    <message>
        <source>%1 is both the beginning and the end</source>
        <translation>%1 es a la vez principio y final</translation>
    </message>
    <message>
        <source>Choose another tensor for one of them.</source>
        <translation>Elija otro tensor para uno de ellos.</translation>
    </message>
    <message>
        <source>%1 is a constant</source>
        <translation>%1 es una constante</translation>
    </message>
    <message>
        <source>Constants go along by themselves: leave it out.</source>
        <translation>Las constantes van incluidas por sí mismas: quítela.</translation>
    </message>
    <message>
        <source>%1 does not lead to any of the chosen ends</source>
        <translation>%1 no lleva a ninguno de los finales elegidos</translation>
    </message>
    <message>
        <source>Leave it out, or choose an end behind it.</source>
        <translation>Quítelo o elija un final posterior.</translation>
    </message>
    <message>
        <source>%1 is computed by a node of the part, which other results need</source>
        <translation>%1 lo calcula un nodo de la parte que otros resultados necesitan</translation>
    </message>
    <message>
        <source>Choose a beginning before that node.</source>
        <translation>Elija un principio anterior a ese nodo.</translation>
    </message>
    <message>
        <source>a dimension cannot be %1</source>
        <translation>una dimensión no puede ser %1</translation>
    </message>
    <message>
        <source>Enter a size, a name, or nothing for an open one.</source>
        <translation>Escriba un tamaño, un nombre, o nada si es abierta.</translation>
    </message>
    <message>
        <source>the other model has no input %1 that could be given to this one</source>
        <translation>el otro modelo no tiene una entrada %1 que se pueda dar a este</translation>
    </message>
    <message>
        <source>Compare models of the same inputs.</source>
        <translation>Compare modelos con las mismas entradas.</translation>
    </message>
    <message>
        <source>%1 has no known type, so it cannot be an input or output</source>
        <translation>el tipo de %1 no se conoce, así que no puede ser entrada ni salida</translation>
    </message>
    <message>
        <source>Choose a tensor whose type is known.</source>
        <translation>Elija un tensor cuyo tipo se conozca.</translation>
    </message>
    <message>
        <source>the same as the engine&apos;s, largest difference %1</source>
        <translation>igual que la del motor, diferencia máxima %1</translation>
    </message>
    <message>
        <source>Upload the model&apos;s files</source>
        <translation>Subir los archivos del modelo</translation>
    </message>
    <message>
        <source>Register the model %1</source>
        <translation>Registrar el modelo %1</translation>
    </message>
    <message>
        <source>Write the image</source>
        <translation>Escribir la imagen</translation>
    </message>
    <message>
        <source>Write the files of the image</source>
        <translation>Escribir los archivos de la imagen</translation>
    </message>
    <message>
        <source>Build the image with %1</source>
        <translation>Construir la imagen con %1</translation>
    </message>
    <message>
        <source>Build the image in %1</source>
        <translation>Construir la imagen en %1</translation>
    </message>
    <message>
        <source>Push the image to %1</source>
        <translation>Enviar la imagen a %1</translation>
    </message>
    <message>
        <source>Make the image an environment</source>
        <translation>Hacer de la imagen un entorno</translation>
    </message>
    <message>
        <source>Describe the environment, which Azure builds with the first deployment</source>
        <translation>Describir el entorno, que Azure construye con la primera implementación</translation>
    </message>
    <message>
        <source>Upload the scoring script</source>
        <translation>Subir el script de puntuación</translation>
    </message>
    <message>
        <source>Register the scoring script</source>
        <translation>Registrar el script de puntuación</translation>
    </message>
    <message>
        <source>Create the endpoint %1</source>
        <translation>Crear el punto de conexión %1</translation>
    </message>
    <message>
        <source>Deploy %1 as %2</source>
        <translation>Implementar %1 como %2</translation>
    </message>
    <message>
        <source>Send all traffic to %1</source>
        <translation>Enviar todo el tráfico a %1</translation>
    </message>
    <message>
        <source>Send %1 % of the traffic to %2</source>
        <translation>Enviar el %1 % del tráfico a %2</translation>
    </message>
    <message>
        <source>Send a sample request and compare with the engine</source>
        <translation>Enviar una petición de ejemplo y comparar con el motor</translation>
    </message>
    <message>
        <source>Start the server from the image</source>
        <translation>Iniciar el servidor desde la imagen</translation>
    </message>
    <message>
        <source>Run the image with %1</source>
        <translation>Ejecutar la imagen con %1</translation>
    </message>
    <message>
        <source>Wait until it is ready</source>
        <translation>Esperar a que esté listo</translation>
    </message>
    <message>
        <source>Wait until the container runs</source>
        <translation>Esperar a que el contenedor funcione</translation>
    </message>
    <message>
        <source>Make the container group %1 (plain HTTP: use it on trusted networks)</source>
        <translation>Crear el grupo de contenedores %1 (HTTP sin cifrar: úsalo en redes de confianza)</translation>
    </message>
    <message>
        <source>Attach the cluster as %1</source>
        <translation>Adjuntar el clúster como %1</translation>
    </message>
    <message>
        <source>Write the manifests</source>
        <translation>Escribir los manifiestos</translation>
    </message>
    <message>
        <source>Apply them to the cluster and wait until the pods are ready</source>
        <translation>Aplicarlos al clúster y esperar a que los pods estén listos</translation>
    </message>
    <message>
        <source>nobody is signed in to Azure</source>
        <translation>no hay sesión iniciada en Azure</translation>
    </message>
    <message>
        <source>Sign in, then resume.</source>
        <translation>Inicia sesión y continúa.</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Inicia sesión de nuevo.</translation>
    </message>
    <message>
        <source>Azure CLI is not installed: there is no program &apos;az&apos;</source>
        <translation>La CLI de Azure no está instalada: no hay un programa «az»</translation>
    </message>
    <message>
        <source>Install it, or sign in another way.</source>
        <translation>Instálala o inicia sesión de otra forma.</translation>
    </message>
    <message>
        <source>Azure CLI gives no token: %1</source>
        <translation>La CLI de Azure no da ningún token: %1</translation>
    </message>
    <message>
        <source>Sign in with: az login</source>
        <translation>Inicia sesión con: az login</translation>
    </message>
    <message>
        <source>a service principal needs a tenant, a client id and a secret</source>
        <translation>una entidad de servicio necesita inquilino, id. de cliente y secreto</translation>
    </message>
    <message>
        <source>the deployment has no endpoint yet</source>
        <translation>la implementación aún no tiene punto de conexión</translation>
    </message>
    <message>
        <source>Let it go on until its endpoint is there.</source>
        <translation>Déjala continuar hasta que tenga punto de conexión.</translation>
    </message>
    <message>
        <source>a deployment of this kind has no endpoint that can be called</source>
        <translation>una implementación de este tipo no tiene un punto de conexión al que llamar</translation>
    </message>
    <message>
        <source>the endpoint answers no request: %1</source>
        <translation>el punto de conexión no responde a ninguna petición: %1</translation>
    </message>
    <message>
        <source>&apos;%1&apos; cannot name a model</source>
        <translation>«%1» no puede ser el nombre de un modelo</translation>
    </message>
    <message>
        <source>Up to 255 letters, digits, &apos;-&apos;, &apos;_&apos; and &apos;.&apos;; first a letter or digit.</source>
        <translation>Hasta 255 letras, cifras, «-», «_» y «.»; primero una letra o cifra.</translation>
    </message>
    <message>
        <source>&apos;%1&apos; cannot name an endpoint or deployment</source>
        <translation>«%1» no puede ser el nombre de un punto de conexión o una implementación</translation>
    </message>
    <message>
        <source>3 to 32 letters, digits and single dashes; first a letter, last no dash.</source>
        <translation>De 3 a 32 letras, cifras y guiones sueltos; primero una letra, al final ningún guion.</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not installed or cannot be started</source>
        <translation>«%1» no está instalado o no puede iniciarse</translation>
    </message>
    <message>
        <source>Install it, or choose a way that needs no container engine.</source>
        <translation>Instálalo o elige una forma que no necesite un motor de contenedores.</translation>
    </message>
    <message>
        <source>Ask an owner of the resource group for the role AzureML Data Scientist (or Contributor); then resume.</source>
        <translation>Pide a un propietario del grupo de recursos el rol AzureML Data Scientist (o Colaborador) y continúa.</translation>
    </message>
    <message>
        <source>The subscription belongs to another tenant: sign in to that one.</source>
        <translation>La suscripción pertenece a otro inquilino: inicia sesión en ese.</translation>
    </message>
    <message>
        <source>Choose a smaller size or fewer instances, or ask for more quota in the portal; then resume.</source>
        <translation>Elige un tamaño menor o menos instancias, o pide más cuota en el portal, y continúa.</translation>
    </message>
    <message>
        <source>The container crashed or its probes never came true: see its log. Run the image on this machine first.</source>
        <translation>El contenedor falló o sus sondeos nunca se cumplieron: mira su registro. Ejecuta antes la imagen en este equipo.</translation>
    </message>
    <message>
        <source>Wait some minutes, then resume.</source>
        <translation>Espera unos minutos y continúa.</translation>
    </message>
    <message>
        <source>list price: %1</source>
        <translation>precio de lista: %1</translation>
    </message>
    <message>
        <source>Quota for %1</source>
        <translation>Cuota para %1</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>This cannot be used</source>
        <translation>Esto no se puede usar</translation>
    </message>
    <message>
        <source>Check what was given and try again.</source>
        <translation>Comprueba los datos y vuelve a intentarlo.</translation>
    </message>
    <message>
        <source>It was not found</source>
        <translation>No se ha encontrado</translation>
    </message>
    <message>
        <source>Check that the file is still there and that its name is right.</source>
        <translation>Comprueba que el archivo sigue ahí y que su nombre es correcto.</translation>
    </message>
    <message>
        <source>The file could not be read or written</source>
        <translation>No se ha podido leer o escribir el archivo</translation>
    </message>
    <message>
        <source>Check the permissions of the file and the space on the disk.</source>
        <translation>Comprueba los permisos del archivo y el espacio en disco.</translation>
    </message>
    <message>
        <source>This is not a valid ONNX model</source>
        <translation>No es un modelo ONNX válido</translation>
    </message>
    <message>
        <source>Export or download the file again; it may be incomplete.</source>
        <translation>Vuelve a exportar o descargar el archivo; puede estar incompleto.</translation>
    </message>
    <message>
        <source>The model uses an operator that cannot run here</source>
        <translation>El modelo usa un operador que no se puede ejecutar aquí</translation>
    </message>
    <message>
        <source>The graph can still be studied. Another opset or exporter may avoid the operator.</source>
        <translation>El grafo se puede examinar igualmente. Otro conjunto de operadores u otro exportador puede evitar el operador.</translation>
    </message>
    <message>
        <source>Sizes or types do not fit each other</source>
        <translation>Los tamaños o los tipos no son compatibles</translation>
    </message>
    <message>
        <source>Compare the input with what the model asks for.</source>
        <translation>Compara la entrada con lo que pide el modelo.</translation>
    </message>
    <message>
        <source>There is not enough memory</source>
        <translation>No hay memoria suficiente</translation>
    </message>
    <message>
        <source>Use smaller inputs or a smaller batch, or close other programs.</source>
        <translation>Usa entradas más pequeñas o un lote menor, o cierra otros programas.</translation>
    </message>
    <message>
        <source>The device is not available</source>
        <translation>El dispositivo no está disponible</translation>
    </message>
    <message>
        <source>Choose another device.</source>
        <translation>Elige otro dispositivo.</translation>
    </message>
    <message>
        <source>The device failed at its work</source>
        <translation>El dispositivo ha fallado</translation>
    </message>
    <message>
        <source>Try again, or choose another device.</source>
        <translation>Vuelve a intentarlo o elige otro dispositivo.</translation>
    </message>
    <message>
        <source>The network did not answer</source>
        <translation>La red no ha respondido</translation>
    </message>
    <message>
        <source>Check the connection and try again.</source>
        <translation>Comprueba la conexión y vuelve a intentarlo.</translation>
    </message>
    <message>
        <source>Access was refused</source>
        <translation>Acceso denegado</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Vuelve a iniciar sesión.</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Cancelado</translation>
    </message>
    <message>
        <source>Something went wrong inside Lapidary</source>
        <translation>Algo ha fallado dentro de Lapidary</translation>
    </message>
    <message>
        <source>Please report it, with the copied text and the model if you can share it.</source>
        <translation>Informa del error, con el texto copiado y, si puedes compartirlo, el modelo.</translation>
    </message>
</context>
<context>
    <name>graph data</name>
    <message>
        <source>Type of the first result</source>
        <translation>Tipo del primer resultado</translation>
    </message>
    <message>
        <source>Memory of results</source>
        <translation>Memoria de los resultados</translation>
    </message>
    <message>
        <source>Time in the last run</source>
        <translation>Tiempo en la última ejecución</translation>
    </message>
    <message>
        <source>Where the last run computed it</source>
        <translation>Dónde lo calculó la última ejecución</translation>
    </message>
    <message>
        <source>computed beforehand</source>
        <translation>calculado de antemano</translation>
    </message>
</context>
<context>
    <name>group properties</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>y %n más</numerusform>
            <numerusform>y %n más</numerusform>
        </translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Grupo</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Nodos</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parámetros</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Iguales</translation>
    </message>
    <message numerus="yes">
        <source>%n group(s) of this make</source>
        <translation>
            <numerusform>%n grupo hecho así</numerusform>
            <numerusform>%n grupos hechos así</numerusform>
        </translation>
    </message>
    <message>
        <source>Reads</source>
        <translation>Lee</translation>
    </message>
    <message>
        <source>Gives</source>
        <translation>Da</translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>Operadores</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>En curso</translation>
    </message>
    <message>
        <source>Finished in %1</source>
        <translation>Finalizada en %1</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Error: %1</translation>
    </message>
    <message>
        <source>Cancelled after %1</source>
        <translation>Cancelada tras %1</translation>
    </message>
</context>
<context>
    <name>lapidary::AzureAccount</name>
    <message>
        <source>Sign in to Azure</source>
        <translation>Iniciar sesión en Azure</translation>
    </message>
</context>
<context>
    <name>lapidary::BenchmarkHistory</name>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Hilos</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Ratio</source>
        <translation>Razón</translation>
    </message>
    <message>
        <source>Benchmarks of this session</source>
        <translation>Mediciones de esta sesión</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Copiar como texto</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>Copiar como CSV</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>To the first</source>
        <translation>Relativo</translation>
    </message>
</context>
<context>
    <name>lapidary::BenchmarkPage</name>
    <message>
        <source>Measuring…</source>
        <translation>Midiendo…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Iniciar</translation>
    </message>
    <message>
        <source>Inputs: %1. They are chosen on the Run page.</source>
        <translation>Entradas: %1. Se eligen en la página Ejecutar.</translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Rendimiento</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>No hay ningún modelo abierto</translation>
    </message>
    <message>
        <source>Open an ONNX file, or drop one here, to measure how fast it runs.</source>
        <translation>Abre un archivo ONNX, o suéltalo aquí, para medir su velocidad de ejecución.</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>Aún sin medir</translation>
    </message>
    <message>
        <source>Press Start to run the model many times and see how long each run takes.</source>
        <translation>Pulsa Iniciar para ejecutar el modelo muchas veces y ver cuánto tarda cada ejecución.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <source>Number of measured runs</source>
        <translation>Número de ejecuciones medidas</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Calentamiento</translation>
    </message>
    <message>
        <source>Number of warm-up runs</source>
        <translation>Número de ejecuciones de calentamiento</translation>
    </message>
    <message>
        <source>Runs before the measured ones: the first are slower</source>
        <translation>Ejecuciones previas a las medidas: las primeras son más lentas</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Progress of the benchmark</source>
        <translation>Progreso de la medición</translation>
    </message>
    <message>
        <source>Latency of each run</source>
        <translation>Latencia de cada ejecución</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation>Distribución</translation>
    </message>
</context>
<context>
    <name>lapidary::BenchmarkStatistics</name>
    <message>
        <source>%1 /s</source>
        <translation>%1 /s</translation>
    </message>
    <message>
        <source>Items in a second: %1 in each run</source>
        <translation>Elementos por segundo: %1 en cada ejecución</translation>
    </message>
    <message>
        <source>Runs in a second</source>
        <translation>Ejecuciones por segundo</translation>
    </message>
    <message>
        <source>Statistics of the benchmark</source>
        <translation>Estadísticas de la medición</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p90</source>
        <translation>p90</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>Lowest</source>
        <translation>Mínima</translation>
    </message>
    <message>
        <source>Highest</source>
        <translation>Máxima</translation>
    </message>
    <message>
        <source>σ</source>
        <translation>σ</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Rendimiento</translation>
    </message>
</context>
<context>
    <name>lapidary::CheckList</name>
    <message numerus="yes">
        <source>%n check(s) are good</source>
        <translation>
            <numerusform>%n comprobación correcta</numerusform>
            <numerusform>%n comprobaciones correctas</numerusform>
        </translation>
    </message>
    <message>
        <source>Put right</source>
        <translation>Corregir</translation>
    </message>
</context>
<context>
    <name>lapidary::ColourBar</name>
    <message>
        <source>Colours from %1 to %2</source>
        <translation>Colores de %1 a %2</translation>
    </message>
</context>
<context>
    <name>lapidary::ComparePage</name>
    <message>
        <source>Compare with</source>
        <translation>Comparar con</translation>
    </message>
    <message>
        <source>Comparing with %1</source>
        <translation>Comparando con %1</translation>
    </message>
    <message>
        <source>What is different in another model?</source>
        <translation>¿En qué se diferencia otro modelo?</translation>
    </message>
    <message>
        <source>Choose the model that the open one is compared with, or drop its file here. Nodes are matched by what they compute, not by their names.</source>
        <translation>Elige el modelo con el que se compara el abierto, o suelta aquí su archivo. Los nodos se emparejan por lo que calculan, no por sus nombres.</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Comparar con…</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Intercambiar</translation>
    </message>
    <message>
        <source>Take the other model as the newer one</source>
        <translation>Tomar el otro modelo como el más nuevo</translation>
    </message>
    <message>
        <source>Previous difference</source>
        <translation>Diferencia anterior</translation>
    </message>
    <message>
        <source>Next difference</source>
        <translation>Diferencia siguiente</translation>
    </message>
    <message>
        <source>The same: all %1 nodes, their attributes and weights.</source>
        <translation>Iguales: los %1 nodos, sus atributos y sus pesos.</translation>
    </message>
    <message>
        <source>%1 the same · %2 changed · %3 added · %4 removed</source>
        <translation>%1 iguales · %2 cambiados · %3 añadidos · %4 quitados</translation>
    </message>
    <message>
        <source>One graph</source>
        <translation>Un grafo</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Lado a lado</translation>
    </message>
    <message>
        <source>Both models drawn as one graph</source>
        <translation>Los dos modelos dibujados como un solo grafo</translation>
    </message>
    <message>
        <source>Each model drawn by itself</source>
        <translation>Cada modelo dibujado por separado</translation>
    </message>
    <message>
        <source>How the models are drawn</source>
        <translation>Cómo se dibujan los modelos</translation>
    </message>
    <message>
        <source>Run both models</source>
        <translation>Ejecutar ambos modelos</translation>
    </message>
    <message>
        <source>Running both models</source>
        <translation>Ejecutando ambos modelos</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Lo que difiere</translation>
    </message>
    <message>
        <source>Error of results</source>
        <translation>Error de resultados</translation>
    </message>
    <message>
        <source>What the nodes are coloured by. The error of results is that of a run of both models on the inputs of the run page.</source>
        <translation>De qué dependen los colores de los nodos. El error de resultados es el de una ejecución de ambos modelos con las entradas de la página Ejecutar.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Running both models…</source>
        <translation>Ejecutando ambos modelos…</translation>
    </message>
    <message>
        <source>The models have no results that could be compared.</source>
        <translation>Los modelos no tienen resultados que se puedan comparar.</translation>
    </message>
    <message>
        <source>Error at most %1, at %2</source>
        <translation>Error máximo %1, en %2</translation>
    </message>
    <message>
        <source>%1 · first large at %2</source>
        <translation>%1 · el primero grande en %2</translation>
    </message>
</context>
<context>
    <name>lapidary::ConnectStep</name>
    <message>
        <source>Where should the model run?</source>
        <translation>¿Dónde debe ejecutarse el modelo?</translation>
    </message>
    <message>
        <source>Azure account</source>
        <translation>Cuenta de Azure</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Área de trabajo</translation>
    </message>
    <message>
        <source>Container registry</source>
        <translation>Registro de contenedores</translation>
    </message>
    <message>
        <source>Where the image is pushed to and the cluster pulls it from.</source>
        <translation>Adonde se envía la imagen y de donde la toma el clúster.</translation>
    </message>
</context>
<context>
    <name>lapidary::DeployDraft</name>
    <message>
        <source>Read the files of the model</source>
        <translation>Leer los archivos del modelo</translation>
    </message>
    <message>
        <source>Plan the deployment</source>
        <translation>Planear la implementación</translation>
    </message>
    <message>
        <source>Check the plan</source>
        <translation>Comprobar el plan</translation>
    </message>
    <message>
        <source>List the sizes of machines</source>
        <translation>Enumerar los tamaños de máquina</translation>
    </message>
    <message>
        <source>Write the files of the image</source>
        <translation>Escribir los archivos de la imagen</translation>
    </message>
</context>
<context>
    <name>lapidary::DeployPage</name>
    <message>
        <source>Deploy</source>
        <translation>Implementar</translation>
    </message>
    <message>
        <source>New deployment</source>
        <translation>Nueva implementación</translation>
    </message>
    <message>
        <source>Deployments</source>
        <translation>Implementaciones</translation>
    </message>
    <message>
        <source>Put the model behind an address</source>
        <translation>Pon el modelo detrás de una dirección</translation>
    </message>
    <message>
        <source>Press New deployment: the model is registered, put into an image and started, on this computer or on Azure. Every request is shown before it is sent.</source>
        <translation>Pulsa Nueva implementación: el modelo se registra, se pone en una imagen y se inicia, en este equipo o en Azure. Cada petición se muestra antes de enviarse.</translation>
    </message>
</context>
<context>
    <name>lapidary::DeployWizard</name>
    <message>
        <source>Connect</source>
        <translation>Conectar</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>Registrar</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Revisar</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Implementar</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Probar</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Vigilar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>lapidary::DeploymentList</name>
    <message>
        <source>Deployments</source>
        <translation>Implementaciones</translation>
    </message>
    <message>
        <source>Open its folder</source>
        <translation>Abrir su carpeta</translation>
    </message>
    <message>
        <source>Delete what was made…</source>
        <translation>Eliminar lo creado…</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Quitar de la lista</translation>
    </message>
</context>
<context>
    <name>lapidary::Deployments</name>
    <message>
        <source>Read the deployments</source>
        <translation>Leer las implementaciones</translation>
    </message>
    <message>
        <source>Deploy %1</source>
        <translation>Implementar %1</translation>
    </message>
    <message>
        <source>Delete what %1 made</source>
        <translation>Eliminar lo que creó %1</translation>
    </message>
    <message>
        <source>Start %1</source>
        <translation>Iniciar %1</translation>
    </message>
</context>
<context>
    <name>lapidary::DifferenceList</name>
    <message>
        <source>Differences</source>
        <translation>Diferencias</translation>
    </message>
</context>
<context>
    <name>lapidary::DimensionRow</name>
    <message>
        <source>Open dimensions</source>
        <translation>Dimensiones libres</translation>
    </message>
    <message>
        <source>Sizes of values that are made up. A file brings its own.</source>
        <translation>Tamaños de los valores generados. Un archivo trae los suyos.</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Auto: the size of the picture, otherwise 1</source>
        <translation>Auto: el tamaño de la imagen; si no, 1</translation>
    </message>
    <message>
        <source>Size of dimension %1</source>
        <translation>Tamaño de la dimensión %1</translation>
    </message>
</context>
<context>
    <name>lapidary::DocumentationPanel</name>
    <message>
        <source>Operator documentation</source>
        <translation>Documentación del operador</translation>
    </message>
    <message>
        <source>Select a node to read what its operator does.</source>
        <translation>Selecciona un nodo para leer qué hace su operador.</translation>
    </message>
    <message>
        <source>A function defined in this model, in the domain %1.</source>
        <translation>Función definida en este modelo, en el dominio %1.</translation>
    </message>
    <message>
        <source>Looking it up…</source>
        <translation>Consultando…</translation>
    </message>
    <message>
        <source>The ONNX library installed here has no documentation for %1 in %2 version %3. The operator may be newer than the library, or belong to another vendor.</source>
        <translation>La biblioteca ONNX instalada no tiene documentación de %1 en %2 versión %3. El operador puede ser más reciente que la biblioteca o pertenecer a otro proveedor.</translation>
    </message>
    <message>
        <source>%1, since version %2</source>
        <translation>%1, desde la versión %2</translation>
    </message>
    <message>
        <source>This operator is deprecated.</source>
        <translation>Este operador está obsoleto.</translation>
    </message>
    <message>
        <source>(optional)</source>
        <translation>(opcional)</translation>
    </message>
    <message>
        <source>(any number)</source>
        <translation>(cualquier cantidad)</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Salidas</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Atributos</translation>
    </message>
    <message>
        <source>(required)</source>
        <translation>(obligatorio)</translation>
    </message>
    <message>
        <source>(default: %1)</source>
        <translation>(predeterminado: %1)</translation>
    </message>
    <message>
        <source>The model uses version %1 of this operator, which the ONNX library installed here does not know: this is the newest text that it has.</source>
        <translation>El modelo usa la versión %1 de este operador, que la biblioteca ONNX instalada aquí no conoce: este es el texto más reciente que tiene.</translation>
    </message>
</context>
<context>
    <name>lapidary::ErrorLine</name>
    <message>
        <source>Error: %1</source>
        <translation>Error: %1</translation>
    </message>
</context>
<context>
    <name>lapidary::ErrorPanel</name>
    <message>
        <source>%1: %2</source>
        <comment>subject: what failed</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Where: %1</source>
        <translation>Dónde: %1</translation>
    </message>
    <message>
        <source>What next: %1</source>
        <translation>Qué hacer: %1</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Copy the error as text</source>
        <translation>Copiar el error como texto</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Close this message (Esc)</source>
        <translation>Cerrar este mensaje (Esc)</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Cerrar este mensaje</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Error</translation>
    </message>
</context>
<context>
    <name>lapidary::ExportDialog</name>
    <message>
        <source>Export graph</source>
        <translation>Exportar el grafo</translation>
    </message>
    <message>
        <source>PNG: pixels</source>
        <translation>PNG: píxeles</translation>
    </message>
    <message>
        <source>SVG: sharp at any size, texts can be edited</source>
        <translation>SVG: nítido a cualquier tamaño, con textos editables</translation>
    </message>
    <message>
        <source>PDF: sharp at any size, texts can be searched</source>
        <translation>PDF: nítido a cualquier tamaño, con búsqueda de texto</translation>
    </message>
    <message>
        <source>The whole graph</source>
        <translation>Todo el grafo</translation>
    </message>
    <message>
        <source>What is in view</source>
        <translation>Lo que se ve</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Parte</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Escala</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>Too many pixels for a PNG: the scale can be %1 % at most. SVG and PDF have no limit.</source>
        <translation>Demasiados píxeles para un PNG: la escala puede ser de %1 % como máximo. SVG y PDF no tienen límite.</translation>
    </message>
    <message>
        <source>%1 × %2 pixels</source>
        <translation>%1 × %2 píxeles</translation>
    </message>
    <message>
        <source>%1 × %2 cm</source>
        <translation>%1 × %2 cm</translation>
    </message>
</context>
<context>
    <name>lapidary::ExtractDialog</name>
    <message>
        <source>Extract a part</source>
        <translation>Extraer una parte</translation>
    </message>
    <message>
        <source>Extract</source>
        <translation>Extraer</translation>
    </message>
    <message>
        <source>The part between two sets of tensors becomes the model; undo brings back the rest. Select tensors, nodes or groups in the graph and add them here.</source>
        <translation>La parte entre dos conjuntos de tensores pasa a ser el modelo; deshacer devuelve el resto. Seleccione tensores, nodos o grupos en el grafo y añádalos aquí.</translation>
    </message>
    <message>
        <source>Begins at</source>
        <translation>Empieza en</translation>
    </message>
    <message>
        <source>Ends at</source>
        <translation>Termina en</translation>
    </message>
    <message>
        <source>Add selection</source>
        <translation>Añadir selección</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Choose at least one tensor where the part ends.</source>
        <translation>Elija al menos un tensor en el que termine la parte.</translation>
    </message>
    <message>
        <source>%1 of %2 nodes</source>
        <translation>%1 de %2 nodos</translation>
    </message>
</context>
<context>
    <name>lapidary::FileField</name>
    <message>
        <source>Choose or drop a file</source>
        <translation>Elige o suelta un archivo</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Archivo</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Examinar…</translation>
    </message>
</context>
<context>
    <name>lapidary::GraphCanvas</name>
    <message>
        <source>Model graph</source>
        <translation>Grafo del modelo</translation>
    </message>
</context>
<context>
    <name>lapidary::GraphExport</name>
    <message>
        <source>Export graph</source>
        <translation>Exportar el grafo</translation>
    </message>
    <message>
        <source>Exporting %1</source>
        <translation>Exportando %1</translation>
    </message>
    <message>
        <source>Printing %1</source>
        <translation>Imprimiendo %1</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimir</translation>
    </message>
    <message>
        <source>Measuring the graph</source>
        <translation>Midiendo el grafo</translation>
    </message>
</context>
<context>
    <name>lapidary::GraphPage</name>
    <message>
        <source>Zoom in</source>
        <translation>Acercar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Alejar</translation>
    </message>
    <message>
        <source>Fit to window</source>
        <translation>Ajustar a la ventana</translation>
    </message>
    <message>
        <source>Drawing the graph…</source>
        <translation>Dibujando el grafo…</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>Sin grupos</translation>
    </message>
    <message>
        <source>This graph shows no groups</source>
        <translation>Este grafo no muestra grupos</translation>
    </message>
    <message>
        <source>Group the nodes</source>
        <translation>Agrupar los nodos</translation>
    </message>
    <message>
        <source>All closed</source>
        <translation>Todos cerrados</translation>
    </message>
    <message numerus="yes">
        <source>%n level(s) open</source>
        <translation>
            <numerusform>%n nivel abierto</numerusform>
            <numerusform>%n niveles abiertos</numerusform>
        </translation>
    </message>
    <message>
        <source>All open</source>
        <translation>Todos abiertos</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Grupos</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>types are not known yet</source>
        <translation>aún no se conocen los tipos</translation>
    </message>
    <message>
        <source>after a run</source>
        <translation>tras una ejecución</translation>
    </message>
    <message>
        <source>By operator</source>
        <translation>Por operador</translation>
    </message>
    <message>
        <source>By type</source>
        <translation>Por tipo</translation>
    </message>
    <message>
        <source>By memory</source>
        <translation>Por memoria</translation>
    </message>
    <message>
        <source>By time</source>
        <translation>Por tiempo</translation>
    </message>
    <message>
        <source>By execution provider</source>
        <translation>Por proveedor de ejecución</translation>
    </message>
    <message>
        <source>From a CSV file…</source>
        <translation>De un archivo CSV…</translation>
    </message>
    <message>
        <source>Values of nodes</source>
        <translation>Valores de los nodos</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv *.txt);;All files (*)</source>
        <translation>Valores separados por comas (*.csv *.txt);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>Leyendo %1</translation>
    </message>
    <message>
        <source>Trace what it comes from</source>
        <translation>Trazar de dónde viene</translation>
    </message>
    <message>
        <source>Trace what it goes into</source>
        <translation>Trazar adónde va</translation>
    </message>
    <message>
        <source>Trace the way from the last selection</source>
        <translation>Trazar el camino desde la selección anterior</translation>
    </message>
    <message>
        <source>End the trace</source>
        <translation>Terminar el trazado</translation>
    </message>
    <message>
        <source>Go to the selection</source>
        <translation>Ir a la selección</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Fold QuantizeLinear and DequantizeLinear</source>
        <translation>Plegar QuantizeLinear y DequantizeLinear</translation>
    </message>
</context>
<context>
    <name>lapidary::GraphView</name>
    <message>
        <source>Laying out the graph</source>
        <translation>Disponiendo el grafo</translation>
    </message>
</context>
<context>
    <name>lapidary::HistogramPlot</name>
    <message>
        <source>Latency (ms)</source>
        <translation>Latencia (ms)</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Ejecuciones</translation>
    </message>
    <message>
        <source>Distribution of latencies</source>
        <translation>Distribución de latencias</translation>
    </message>
</context>
<context>
    <name>lapidary::ImageOptionsEditor</name>
    <message>
        <source>Resize</source>
        <translation>Escalado</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Canales</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Intervalo</translation>
    </message>
    <message>
        <source>Normalise</source>
        <translation>Normalización</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Desviación</translation>
    </message>
    <message>
        <source>Centre crop</source>
        <translation>Recorte central</translation>
    </message>
    <message>
        <source>Fit with padding</source>
        <translation>Ajustar con relleno</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Estirar</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>BGR</source>
        <translation>BGR</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>Grises</translation>
    </message>
    <message>
        <source>Channels first</source>
        <translation>Canales primero</translation>
    </message>
    <message>
        <source>Channels last</source>
        <translation>Canales al final</translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation>0 a 1</translation>
    </message>
    <message>
        <source>0 to 255</source>
        <translation>0 a 255</translation>
    </message>
    <message>
        <source>Border</source>
        <translation>Borde</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Invertir</translation>
    </message>
    <message>
        <source>Swap dark and light, for a model that was trained on the opposite</source>
        <translation>Intercambiar claros y oscuros, para un modelo entrenado con lo contrario</translation>
    </message>
    <message>
        <source>Subtracted from each channel, in the channels&apos; order</source>
        <translation>Se resta a cada canal, en el orden de los canales</translation>
    </message>
    <message>
        <source>Each channel is divided by this after the mean is subtracted</source>
        <translation>Cada canal se divide por este valor tras restar la media</translation>
    </message>
    <message>
        <source>Gray level of the border</source>
        <translation>Nivel de gris del borde</translation>
    </message>
    <message>
        <source>Channel order</source>
        <translation>Orden de los canales</translation>
    </message>
    <message>
        <source>Layout of the tensor</source>
        <translation>Disposición del tensor</translation>
    </message>
    <message>
        <source>Range of the pixels</source>
        <translation>Intervalo de los píxeles</translation>
    </message>
    <message>
        <source>Mean of each channel</source>
        <translation>Media de cada canal</translation>
    </message>
    <message>
        <source>Standard deviation of each channel</source>
        <translation>Desviación estándar de cada canal</translation>
    </message>
</context>
<context>
    <name>lapidary::ImageStep</name>
    <message>
        <source>%1 before compression</source>
        <translation>%1 antes de comprimir</translation>
    </message>
    <message>
        <source>Reading the files…</source>
        <translation>Leyendo los archivos…</translation>
    </message>
    <message>
        <source>The image</source>
        <translation>La imagen</translation>
    </message>
    <message>
        <source>Lapidary&apos;s own server</source>
        <translation>El servidor propio de Lapidary</translation>
    </message>
    <message>
        <source>Written here, without Docker and without Python: the server that runs the model with the engine of this window. The same files always give the same digest.</source>
        <translation>Se escribe aquí, sin Docker ni Python: el servidor que ejecuta el modelo con el motor de esta ventana. Los mismos archivos dan siempre el mismo resumen.</translation>
    </message>
    <message>
        <source>File in the image</source>
        <translation>Archivo en la imagen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Port 5001: / answers when it lives, /ready when it takes requests, /score and /v2/models/… take inputs, /swagger.json describes them, /metrics counts.</source>
        <translation>Puerto 5001: / responde cuando vive, /ready cuando acepta peticiones, /score y /v2/models/… reciben entradas, /swagger.json las describe, /metrics cuenta.</translation>
    </message>
    <message>
        <source>Azure builds it as an environment</source>
        <translation>Azure la construye como entorno</translation>
    </message>
    <message>
        <source>A build task of the registry</source>
        <translation>Una tarea de compilación del registro</translation>
    </message>
    <message>
        <source>Podman or Docker on this computer</source>
        <translation>Podman o Docker en este equipo</translation>
    </message>
    <message>
        <source>ONNX Runtime in Python</source>
        <translation>ONNX Runtime en Python</translation>
    </message>
    <message>
        <source>A score.py that you can change, behind Azure&apos;s inference server.</source>
        <translation>Un score.py que puedes cambiar, detrás del servidor de inferencia de Azure.</translation>
    </message>
    <message>
        <source>Built by</source>
        <translation>Construida por</translation>
    </message>
    <message>
        <source>Files of the image</source>
        <translation>Archivos de la imagen</translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation>Texto del archivo</translation>
    </message>
    <message>
        <source>Change what you like; what you changed stays, the rest follows the choices.</source>
        <translation>Cambia lo que quieras; lo cambiado se conserva y el resto sigue las opciones.</translation>
    </message>
</context>
<context>
    <name>lapidary::InputCard</name>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>NumPy file</source>
        <translation>Archivo NumPy</translation>
    </message>
    <message>
        <source>TensorProto file</source>
        <translation>Archivo TensorProto</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Aleatorio</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>Constante</translation>
    </message>
    <message>
        <source>Feeds %1</source>
        <translation>Proporciona %1</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>Entrada %1</translation>
    </message>
    <message>
        <source>Source of input %1</source>
        <translation>Origen de la entrada %1</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semilla</translation>
    </message>
    <message>
        <source>Seed of the random values</source>
        <translation>Semilla de los valores aleatorios</translation>
    </message>
    <message>
        <source>The same seed gives the same values: floats from −1 to 1, integers 0 or 1</source>
        <translation>La misma semilla da los mismos valores: decimales de −1 a 1, enteros 0 o 1</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Otra semilla</translation>
    </message>
    <message>
        <source>Every element</source>
        <translation>Cada elemento</translation>
    </message>
    <message>
        <source>Number in every element</source>
        <translation>Número en cada elemento</translation>
    </message>
    <message>
        <source>Text in every element</source>
        <translation>Texto en cada elemento</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>Preprocesamiento</translation>
    </message>
    <message>
        <source>What the model sees</source>
        <translation>Lo que ve el modelo</translation>
    </message>
    <message>
        <source>Choose an Image</source>
        <translation>Elegir una imagen</translation>
    </message>
    <message>
        <source>Images (*.png *.jpg *.jpeg *.bmp *.webp *.gif *.ppm *.pgm);;All files (*)</source>
        <translation>Imágenes (*.png *.jpg *.jpeg *.bmp *.webp *.gif *.ppm *.pgm);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Choose a NumPy File</source>
        <translation>Elegir un archivo NumPy</translation>
    </message>
    <message>
        <source>NumPy arrays (*.npy);;All files (*)</source>
        <translation>Arrays de NumPy (*.npy);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Choose a TensorProto File</source>
        <translation>Elegir un archivo TensorProto</translation>
    </message>
    <message>
        <source>TensorProto (*.pb);;All files (*)</source>
        <translation>TensorProto (*.pb);;Todos los archivos (*)</translation>
    </message>
</context>
<context>
    <name>lapidary::InputsPanel</name>
    <message>
        <source>Inputs</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>This model needs no inputs.</source>
        <translation>Este modelo no necesita entradas.</translation>
    </message>
    <message>
        <source>Inputs of the model</source>
        <translation>Entradas del modelo</translation>
    </message>
</context>
<context>
    <name>lapidary::JobRow</name>
    <message>
        <source>Progress of %1</source>
        <translation>Progreso de %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>Cancelar %1</translation>
    </message>
</context>
<context>
    <name>lapidary::JobsPanel</name>
    <message>
        <source>Nothing is running.</source>
        <translation>No hay tareas en curso.</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Quitar las finalizadas</translation>
    </message>
</context>
<context>
    <name>lapidary::LatencyPlot</name>
    <message>
        <source>p50 %1</source>
        <translation>p50 %1</translation>
    </message>
    <message>
        <source>p95 %1</source>
        <translation>p95 %1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecución</translation>
    </message>
    <message>
        <source>Latency (ms)</source>
        <translation>Latencia (ms)</translation>
    </message>
    <message>
        <source>Latency of each run</source>
        <translation>Latencia de cada ejecución</translation>
    </message>
</context>
<context>
    <name>lapidary::MainWindow</name>
    <message>
        <source>Open a model</source>
        <translation>Abrir un modelo</translation>
    </message>
    <message>
        <source>No recent models</source>
        <translation>No hay modelos recientes</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Grafo</translation>
    </message>
    <message>
        <source>The model as a graph (Ctrl+1)</source>
        <translation>El modelo como grafo (Ctrl+1)</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecutar</translation>
    </message>
    <message>
        <source>Feed the model and see what it says (Ctrl+2)</source>
        <translation>Alimentar el modelo y ver qué responde (Ctrl+2)</translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Rendimiento</translation>
    </message>
    <message>
        <source>Time the model (Ctrl+3)</source>
        <translation>Medir el tiempo del modelo (Ctrl+3)</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>Guardado: %1</translation>
    </message>
    <message>
        <source>Sent to the printer</source>
        <translation>Enviado a la impresora</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>See what is different in another model (Ctrl+4)</source>
        <translation>Ver en qué se diferencia otro modelo (Ctrl+4)</translation>
    </message>
    <message>
        <source>%1[*] – Lapidary</source>
        <comment>window title</comment>
        <translation>%1[*] – Lapidary</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>&amp;Deshacer: %1</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Deshacer</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>&amp;Rehacer: %1</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rehacer</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Implementar</translation>
    </message>
    <message>
        <source>Put the model behind an address (Ctrl+5)</source>
        <translation>Poner el modelo detrás de una dirección (Ctrl+5)</translation>
    </message>
</context>
<context>
    <name>lapidary::MemoryPlot</name>
    <message>
        <source>Memory of values over the nodes of a run</source>
        <translation>Memoria de los valores a lo largo de los nodos de una ejecución</translation>
    </message>
    <message>
        <source>GB</source>
        <translation>GB</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>kB</source>
        <translation>kB</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>bytes</translation>
    </message>
</context>
<context>
    <name>lapidary::ModelDocument</name>
    <message>
        <source>Finding shapes in %1</source>
        <translation>Infiriendo formas en %1</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>Abriendo %1</translation>
    </message>
    <message>
        <source>Running %1</source>
        <translation>Ejecutando %1</translation>
    </message>
    <message>
        <source>Timing %1</source>
        <translation>Midiendo %1</translation>
    </message>
    <message>
        <source>Models (*.onnx *.onnxtxt *.textproto *.pbtxt *.onnxjson *.gz *.bz2 *.xz *.zst *.zip *.tar *.tgz);;All files (*)</source>
        <translation>Modelos (*.onnx *.onnxtxt *.textproto *.pbtxt *.onnxjson *.gz *.bz2 *.xz *.zst *.zip *.tar *.tgz);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>Guardando %1</translation>
    </message>
</context>
<context>
    <name>lapidary::ModelEditing</name>
    <message>
        <source>Remove identities</source>
        <translation>Quitar identidades</translation>
    </message>
    <message>
        <source>There is no Identity, and no inactive Dropout, to remove.</source>
        <translation>No hay ningún Identity ni Dropout inactivo que quitar.</translation>
    </message>
    <message numerus="yes">
        <source>Removed %n node(s) that pass on what they get.</source>
        <translation>
            <numerusform>Se quitó %n nodo que solo pasa lo que recibe.</numerusform>
            <numerusform>Se quitaron %n nodos que solo pasan lo que reciben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Guardar una copia</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx)</source>
        <translation>Modelos ONNX (*.onnx)</translation>
    </message>
    <message>
        <source>%1-changed</source>
        <translation>%1-cambiado</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Cambios sin guardar</translation>
    </message>
    <message>
        <source>%1 was changed and not saved.</source>
        <translation>%1 se cambió y no se guardó.</translation>
    </message>
    <message>
        <source>The changes are in this window only; the file is as it was.</source>
        <translation>Los cambios están solo en esta ventana; el archivo sigue como estaba.</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>Guardar una copia…</translation>
    </message>
    <message>
        <source>Discard the changes</source>
        <translation>Descartar los cambios</translation>
    </message>
    <message>
        <source>The file is being saved…</source>
        <translation>El archivo se está guardando…</translation>
    </message>
</context>
<context>
    <name>lapidary::OpDocs</name>
    <message>
        <source>Looking up %1</source>
        <translation>Consultando %1</translation>
    </message>
</context>
<context>
    <name>lapidary::OpHistogram</name>
    <message>
        <source>%1: %2</source>
        <comment>operator: count</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Operators of the model</source>
        <translation>Operadores del modelo</translation>
    </message>
</context>
<context>
    <name>lapidary::PlaneView</name>
    <message>
        <source>Elements as colours</source>
        <translation>Elementos como colores</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Imagen</translation>
    </message>
</context>
<context>
    <name>lapidary::ProblemsPanel</name>
    <message>
        <source>Checking the model</source>
        <translation>Comprobando el modelo</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problema</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Lugar</translation>
    </message>
    <message>
        <source>No model is open.</source>
        <translation>No hay ningún modelo abierto.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Comprobando…</translation>
    </message>
    <message>
        <source>Not checked.</source>
        <translation>Sin comprobar.</translation>
    </message>
    <message>
        <source>No problem found.</source>
        <translation>No se han encontrado problemas.</translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n problema</numerusform>
            <numerusform>%n problemas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::ProgressStep</name>
    <message>
        <source>Deploy again</source>
        <translation>Implementar otra vez</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Implementar</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Delete what was made…</source>
        <translation>Eliminar lo creado…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Copy the cause, the advice and the server&apos;s own answer</source>
        <translation>Copiar la causa, el consejo y la respuesta del propio servidor</translation>
    </message>
    <message>
        <source>Log of the deployment</source>
        <translation>Registro de la implementación</translation>
    </message>
    <message>
        <source>You can close the window: the deployment then stops where it is, and goes on from there whenever you come back. What Azure is making goes on meanwhile.</source>
        <translation>Puedes cerrar la ventana: la implementación se detiene donde está y continúa desde ahí cuando vuelvas. Lo que Azure está creando sigue mientras tanto.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>%1 of %2, %3 a second, %4 left</source>
        <translation>%1 de %2, %3 por segundo, quedan %4</translation>
    </message>
    <message>
        <source>Progress of the upload</source>
        <translation>Progreso del envío</translation>
    </message>
    <message>
        <source>Nobody is signed in: to go on with it, to call it or to delete it, sign in.</source>
        <translation>No hay sesión iniciada: para continuar, llamarla o eliminarla, inicia sesión.</translation>
    </message>
</context>
<context>
    <name>lapidary::PropertiesDialog</name>
    <message>
        <source>Properties of the model</source>
        <translation>Propiedades del modelo</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Grafo</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Producer</source>
        <translation>Productor</translation>
    </message>
    <message>
        <source>Producer&apos;s version</source>
        <translation>Versión del productor</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>Model&apos;s version</source>
        <translation>Versión del modelo</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clave</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadatos</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Añadir</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Change properties</source>
        <translation>Cambiar propiedades</translation>
    </message>
</context>
<context>
    <name>lapidary::PropertiesPanel</name>
    <message>
        <source>Open a model to see what it is made of.</source>
        <translation>Abre un modelo para ver de qué está hecho.</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>Leyendo %1</translation>
    </message>
    <message>
        <source>Counting operations</source>
        <translation>Contando operaciones</translation>
    </message>
    <message>
        <source>Statistics of %1</source>
        <translation>Estadísticas de %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>node: bytes</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>lapidary::PropertyField</name>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
</context>
<context>
    <name>lapidary::PropertyList</name>
    <message>
        <source>%1: %2</source>
        <comment>label: value</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>lapidary::RegisterStep</name>
    <message>
        <source>Register the model</source>
        <translation>Registrar el modelo</translation>
    </message>
    <message>
        <source>The model has changes that are not saved. What is deployed is the file: %1</source>
        <translation>El modelo tiene cambios sin guardar. Lo que se implementa es el archivo: %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>The next one that is free</source>
        <translation>La siguiente libre</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Etiquetas</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>Añadir etiqueta</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
</context>
<context>
    <name>lapidary::ReloadBar</name>
    <message>
        <source>The file has changed on disk.</source>
        <translation>El archivo ha cambiado en el disco.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Recargar</translation>
    </message>
    <message>
        <source>Always reload</source>
        <translation>Recargar siempre</translation>
    </message>
    <message>
        <source>Keep what is shown</source>
        <translation>Conservar lo que se muestra</translation>
    </message>
</context>
<context>
    <name>lapidary::RenameDialog</name>
    <message>
        <source>Rename</source>
        <translation>Cambiar nombre</translation>
    </message>
    <message>
        <source>Name of the node (%1)</source>
        <translation>Nombre del nodo (%1)</translation>
    </message>
    <message>
        <source>Name of the value</source>
        <translation>Nombre del valor</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>Cambiar nombre a %1</translation>
    </message>
</context>
<context>
    <name>lapidary::RequestList</name>
    <message>
        <source>%1. %2</source>
        <translation>%1. %2</translation>
    </message>
    <message>
        <source>Done on this computer: no request is sent.</source>
        <translation>Se hace en este equipo: no se envía ninguna petición.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n petición</numerusform>
            <numerusform>%n peticiones</numerusform>
        </translation>
    </message>
    <message>
        <source>Steps and requests</source>
        <translation>Pasos y peticiones</translation>
    </message>
    <message>
        <source>Body of the request</source>
        <translation>Cuerpo de la petición</translation>
    </message>
    <message>
        <source>This request has no body.</source>
        <translation>Esta petición no tiene cuerpo.</translation>
    </message>
    <message>
        <source>new</source>
        <translation>nuevo</translation>
    </message>
    <message>
        <source>there, different</source>
        <translation>existe, distinto</translation>
    </message>
    <message>
        <source>there, the same</source>
        <translation>existe, igual</translation>
    </message>
</context>
<context>
    <name>lapidary::ReviewStep</name>
    <message>
        <source>%1, version %2 → %3. %4; nothing has happened yet.</source>
        <translation>%1, versión %2 → %3. %4; todavía no ha ocurrido nada.</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n paso</numerusform>
            <numerusform>%n pasos</numerusform>
        </translation>
    </message>
    <message>
        <source>Asking the workspace…</source>
        <translation>Consultando el área de trabajo…</translation>
    </message>
    <message>
        <source>Making the plan…</source>
        <translation>Haciendo el plan…</translation>
    </message>
    <message>
        <source>There is no plan yet.</source>
        <translation>Todavía no hay plan.</translation>
    </message>
    <message>
        <source>Save the plan</source>
        <translation>Guardar el plan</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Revisar</translation>
    </message>
    <message>
        <source>Deploy</source>
        <translation>Implementar</translation>
    </message>
    <message>
        <source>This model has not been tried on this computer yet: most failures in the cloud show here within a minute.</source>
        <translation>Este modelo aún no se ha probado en este equipo: la mayoría de los fallos en la nube se ven aquí en un minuto.</translation>
    </message>
    <message>
        <source>Try it here first</source>
        <translation>Probarlo aquí antes</translation>
    </message>
    <message>
        <source>Deploy without</source>
        <translation>Implementar sin ello</translation>
    </message>
    <message>
        <source>Checking quota, permissions and cost…</source>
        <translation>Comprobando cuota, permisos y coste…</translation>
    </message>
    <message>
        <source>About %1 an hour, %2 a month, from the first minute until it is deleted (%3).</source>
        <translation>Unos %1 por hora, %2 al mes, desde el primer minuto hasta eliminarlo (%3).</translation>
    </message>
    <message>
        <source>The plan, as JSON…</source>
        <translation>El plan, como JSON…</translation>
    </message>
    <message>
        <source>A script with curl…</source>
        <translation>Un script con curl…</translation>
    </message>
    <message>
        <source>A script with Azure CLI…</source>
        <translation>Un script con la CLI de Azure…</translation>
    </message>
    <message>
        <source>A Bicep template…</source>
        <translation>Una plantilla Bicep…</translation>
    </message>
    <message>
        <source>Kubernetes manifests…</source>
        <translation>Manifiestos de Kubernetes…</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Guardar como</translation>
    </message>
</context>
<context>
    <name>lapidary::RunError</name>
    <message>
        <source>… and %1 more like these.</source>
        <translation>… y %1 más como estos.</translation>
    </message>
    <message>
        <source>Show in the graph: %1</source>
        <translation>Mostrar en el grafo: %1</translation>
    </message>
</context>
<context>
    <name>lapidary::RunInputs</name>
    <message>
        <source>Look for samples</source>
        <translation>Buscar muestras</translation>
    </message>
    <message>
        <source>Look at input %1</source>
        <translation>Examinar la entrada %1</translation>
    </message>
    <message>
        <source>Read test data</source>
        <translation>Leer datos de prueba</translation>
    </message>
    <message>
        <source>Prepare inputs</source>
        <translation>Preparar entradas</translation>
    </message>
    <message>
        <source>random values</source>
        <translation>valores aleatorios</translation>
    </message>
    <message>
        <source>constant %1</source>
        <translation>constante %1</translation>
    </message>
</context>
<context>
    <name>lapidary::RunOutputCard</name>
    <message>
        <source>✓ As expected</source>
        <translation>✓ Como se esperaba</translation>
    </message>
    <message>
        <source>✗ Not as expected</source>
        <translation>✗ No como se esperaba</translation>
    </message>
    <message>
        <source>Largest difference %1, relative %2. Allowed: %3 + %4 of the expected value + %5 of the largest.</source>
        <translation>Mayor diferencia: %1; relativa: %2. Se admite: %3 + %4 del valor esperado + %5 del mayor.</translation>
    </message>
    <message>
        <source>Save Output</source>
        <translation>Guardar salida</translation>
    </message>
    <message>
        <source>NumPy arrays (*.npy)</source>
        <translation>Arrays de NumPy (*.npy)</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>Guardar %1</translation>
    </message>
    <message>
        <source>Top classes</source>
        <translation>Mejores clases</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Elementos</translation>
    </message>
    <message>
        <source>Output %1</source>
        <translation>Salida %1</translation>
    </message>
    <message>
        <source>How the output is shown</source>
        <translation>Cómo se muestra la salida</translation>
    </message>
    <message>
        <source>Save .npy…</source>
        <translation>Guardar .npy…</translation>
    </message>
    <message>
        <source>Save output %1 as a NumPy file</source>
        <translation>Guardar la salida %1 como archivo NumPy</translation>
    </message>
</context>
<context>
    <name>lapidary::RunPage</name>
    <message>
        <source>Reading the inputs</source>
        <translation>Leyendo las entradas</translation>
    </message>
    <message>
        <source>Running…</source>
        <translation>Ejecutando…</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ejecutar</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>No hay ningún modelo abierto</translation>
    </message>
    <message>
        <source>Open an ONNX file, or drop one here, to feed it and run it.</source>
        <translation>Abre un archivo ONNX, o suéltalo aquí, para alimentarlo y ejecutarlo.</translation>
    </message>
    <message>
        <source>Not run yet</source>
        <translation>Aún sin ejecutar</translation>
    </message>
    <message>
        <source>Choose what to feed the model with on the left, then press Run.</source>
        <translation>Elige a la izquierda con qué alimentar el modelo y pulsa Ejecutar.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Progreso de la ejecución</translation>
    </message>
</context>
<context>
    <name>lapidary::RunProfile</name>
    <message>
        <source>%1. Click to select it in the graph.</source>
        <translation>%1. Haz clic para seleccionarlo en el grafo.</translation>
    </message>
    <message>
        <source>Slowest nodes</source>
        <translation>Nodos más lentos</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Nodo</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Operador</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tiempo</translation>
    </message>
    <message>
        <source>Share of the run</source>
        <translation>Proporción</translation>
    </message>
    <message>
        <source>Done by</source>
        <translation>Realizado por</translation>
    </message>
</context>
<context>
    <name>lapidary::RunResults</name>
    <message>
        <source>ready before</source>
        <translation>ya estaba lista</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>Compare outputs</source>
        <translation>Comparar salidas</translation>
    </message>
    <message>
        <source>Choose Class Names</source>
        <translation>Elegir nombres de clases</translation>
    </message>
    <message>
        <source>Text and JSON files (*.txt *.labels *.names *.json);;All files (*)</source>
        <translation>Archivos de texto y JSON (*.txt *.labels *.names *.json);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Read labels</source>
        <translation>Leer etiquetas</translation>
    </message>
    <message>
        <source>Results of the run</source>
        <translation>Resultados de la ejecución</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latencia</translation>
    </message>
    <message>
        <source>Making the session</source>
        <translation>Creación de la sesión</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Outputs as expected</source>
        <translation>Salidas como se esperaba</translation>
    </message>
</context>
<context>
    <name>lapidary::RunTimeline</name>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>done</source>
        <translation>hecho</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>falló</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>en curso</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>en espera</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Steps of the deployment</source>
        <translation>Pasos de la implementación</translation>
    </message>
</context>
<context>
    <name>lapidary::SampleStrip</name>
    <message>
        <source>Samples beside the model</source>
        <translation>Muestras junto al modelo</translation>
    </message>
</context>
<context>
    <name>lapidary::SaveDialog</name>
    <message>
        <source>In the file</source>
        <translation>En el archivo</translation>
    </message>
    <message>
        <source>In a file beside it</source>
        <translation>En un archivo aparte</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Guardar una copia</translation>
    </message>
    <message>
        <source>Weights (%1)</source>
        <translation>Pesos (%1)</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>One file, easy to move. At most 2 GB.</source>
        <translation>Un solo archivo, fácil de mover. Como máximo 2 GB.</translation>
    </message>
    <message>
        <source>Not possible: the weights are more than 2 GB.</source>
        <translation>No es posible: los pesos ocupan más de 2 GB.</translation>
    </message>
    <message>
        <source>NAME.onnx and NAME.onnx.data, which stay together. For large models.</source>
        <translation>NOMBRE.onnx y NOMBRE.onnx.data, que van juntos. Para modelos grandes.</translation>
    </message>
</context>
<context>
    <name>lapidary::SearchHelp</name>
    <message>
        <source>All keys:</source>
        <translation>Todas las claves:</translation>
    </message>
    <message>
        <source>Examples of searches</source>
        <translation>Ejemplos de búsquedas</translation>
    </message>
</context>
<context>
    <name>lapidary::SearchPanel</name>
    <message>
        <source>Preparing the search</source>
        <translation>Preparando la búsqueda</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>Buscando</translation>
    </message>
    <message>
        <source>Nodes</source>
        <translation>Nodos</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensores</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>Nodes 12</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Show or hide: %1</source>
        <translation>Mostrar u ocultar: %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>hit number, of all hits</comment>
        <translation>%1 de %2</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chain(s)</source>
        <translation>
            <numerusform>%Ln cadena</numerusform>
            <numerusform>%Ln cadenas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln node(s)</source>
        <translation>
            <numerusform>%1 de %Ln nodo</numerusform>
            <numerusform>%1 de %Ln nodos</numerusform>
        </translation>
    </message>
    <message>
        <source>Name, op:Conv, shape:1,*, A -&gt; B …</source>
        <translation>Nombre, op:Conv, shape:1,*, A -&gt; B …</translation>
    </message>
    <message>
        <source>Search the model</source>
        <translation>Buscar en el modelo</translation>
    </message>
    <message>
        <source>What the search found</source>
        <translation>Lo que encontró la búsqueda</translation>
    </message>
    <message>
        <source>Previous hit (Shift+F3)</source>
        <translation>Resultado anterior (Mayús+F3)</translation>
    </message>
    <message>
        <source>Next hit (F3)</source>
        <translation>Resultado siguiente (F3)</translation>
    </message>
    <message>
        <source>How to search</source>
        <translation>Cómo buscar</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nada encontrado</translation>
    </message>
    <message>
        <source>Fewer or shorter words find more. The button with the i above shows what can be asked.</source>
        <translation>Con menos palabras, o más cortas, se encuentra más. El botón con la i muestra qué se puede preguntar.</translation>
    </message>
</context>
<context>
    <name>lapidary::SearchResults</name>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>in the function %1</source>
        <translation>en la función %1</translation>
    </message>
    <message>
        <source>inside %1</source>
        <translation>dentro de %1</translation>
    </message>
</context>
<context>
    <name>lapidary::SessionControls</name>
    <message>
        <source>Look for devices</source>
        <translation>Buscar dispositivos</translation>
    </message>
    <message>
        <source>Not available: %1</source>
        <translation>No disponible: %1</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Hilos</translation>
    </message>
    <message>
        <source>Number of threads</source>
        <translation>Número de hilos</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Auto: one thread for each core</source>
        <translation>Auto: un hilo por núcleo</translation>
    </message>
</context>
<context>
    <name>lapidary::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Atajos de teclado</translation>
    </message>
</context>
<context>
    <name>lapidary::SideBySide</name>
    <message>
        <source>Linked</source>
        <translation>Vinculados</translation>
    </message>
    <message>
        <source>Select, move and zoom in both graphs together</source>
        <translation>Seleccionar, mover y ampliar en los dos grafos a la vez</translation>
    </message>
</context>
<context>
    <name>lapidary::SignInPanel</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Cerrar sesión</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Iniciar sesión</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Iniciando sesión…</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Sin sesión</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Sesión iniciada</translation>
    </message>
    <message>
        <source>Signed in; kept in the keychain</source>
        <translation>Sesión iniciada; guardada en el llavero</translation>
    </message>
    <message>
        <source>Signed in until the window closes: there is no keychain</source>
        <translation>Sesión iniciada hasta cerrar la ventana: no hay llavero</translation>
    </message>
    <message>
        <source>Open &lt;a href=&quot;%1&quot;&gt;%1&lt;/a&gt; and type the code &lt;b&gt;%2&lt;/b&gt;.</source>
        <translation>Abre &lt;a href=&quot;%1&quot;&gt;%1&lt;/a&gt; y escriba el código &lt;b&gt;%2&lt;/b&gt;.</translation>
    </message>
    <message>
        <source>The browser was asked to open the page. &lt;a href=&quot;%1&quot;&gt;Open it again&lt;/a&gt;</source>
        <translation>Se pidió al navegador que abriera la página. &lt;a href=&quot;%1&quot;&gt;Abrirla de nuevo&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Sign in by</source>
        <translation>Iniciar sesión con</translation>
    </message>
    <message>
        <source>Azure CLI (az login)</source>
        <translation>CLI de Azure (az login)</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>Navegador</translation>
    </message>
    <message>
        <source>Code on another device</source>
        <translation>Código en otro dispositivo</translation>
    </message>
    <message>
        <source>Service principal</source>
        <translation>Entidad de servicio</translation>
    </message>
    <message>
        <source>Managed identity of this machine</source>
        <translation>Identidad administrada de esta máquina</translation>
    </message>
    <message>
        <source>Tenant</source>
        <translation>Inquilino</translation>
    </message>
    <message>
        <source>Id or domain; empty: your usual one</source>
        <translation>Id. o dominio; vacío: el habitual</translation>
    </message>
    <message>
        <source>Client id</source>
        <translation>Id. de cliente</translation>
    </message>
    <message>
        <source>Of the application; empty: the usual one</source>
        <translation>De la aplicación; vacío: el habitual</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Secreto</translation>
    </message>
    <message>
        <source>Kept in memory only</source>
        <translation>Solo se guarda en memoria</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>Which Azure, and who vouches for it</source>
        <translation>Qué Azure, y quién responde de él</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>Nube</translation>
    </message>
    <message>
        <source>Azure</source>
        <translation>Azure</translation>
    </message>
    <message>
        <source>Azure US Government</source>
        <translation>Azure US Government</translation>
    </message>
    <message>
        <source>Azure China</source>
        <translation>Azure China</translation>
    </message>
    <message>
        <source>Hosts from a file</source>
        <translation>Servidores de un archivo</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>Servidores</translation>
    </message>
    <message>
        <source>Hosts of a cloud</source>
        <translation>Servidores de una nube</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>Archivos JSON (*.json)</translation>
    </message>
    <message>
        <source>Extra authorities</source>
        <translation>Autoridades adicionales</translation>
    </message>
    <message>
        <source>Certificate authorities</source>
        <translation>Autoridades de certificación</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt)</source>
        <translation>Archivos PEM (*.pem *.crt)</translation>
    </message>
</context>
<context>
    <name>lapidary::SizeFields</name>
    <message>
        <source>Size of dimension %1</source>
        <translation>Tamaño de la dimensión %1</translation>
    </message>
</context>
<context>
    <name>lapidary::SizesDialog</name>
    <message>
        <source>open</source>
        <translation>abierta</translation>
    </message>
    <message>
        <source>Sizes of inputs</source>
        <translation>Tamaños de las entradas</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Tamaño de lote</translation>
    </message>
    <message>
        <source>A dimension has a size, a name (its size comes with the input), or nothing: open. Shapes of results follow.</source>
        <translation>Una dimensión tiene un tamaño, un nombre (su tamaño llega con la entrada) o nada: abierta. Las formas de los resultados se adaptan.</translation>
    </message>
    <message>
        <source>Dimension %1 of %2</source>
        <translation>Dimensión %1 de %2</translation>
    </message>
    <message>
        <source>Change sizes of inputs</source>
        <translation>Cambiar tamaños de las entradas</translation>
    </message>
    <message numerus="yes">
        <source>%n Reshape node(s) had the old size stored; it is open now.</source>
        <translation>
            <numerusform>%n nodo Reshape tenía guardado el tamaño antiguo; ahora está abierto.</numerusform>
            <numerusform>%n nodos Reshape tenían guardado el tamaño antiguo; ahora está abierto.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lapidary::SliceChooser</name>
    <message>
        <source>%1 (%2 long)</source>
        <comment>dimension</comment>
        <translation>%1 (longitud %2)</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Columnas</translation>
    </message>
    <message>
        <source>Dimension %1</source>
        <translation>Dimensión %1</translation>
    </message>
    <message>
        <source>Index along dimension %1</source>
        <translation>Índice en la dimensión %1</translation>
    </message>
</context>
<context>
    <name>lapidary::StartPage</name>
    <message>
        <source>See, run and measure ONNX models.</source>
        <translation>Ver, ejecutar y medir modelos ONNX.</translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation>Abrir un modelo…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Abrir el ejemplo</translation>
    </message>
    <message>
        <source>A small network that reads handwritten digits</source>
        <translation>Una pequeña red que lee dígitos manuscritos</translation>
    </message>
    <message>
        <source>Recent models</source>
        <translation>Modelos recientes</translation>
    </message>
    <message>
        <source>or drop an .onnx file anywhere in this window</source>
        <translation>o suelta un archivo .onnx en cualquier parte de esta ventana</translation>
    </message>
</context>
<context>
    <name>lapidary::StatusLine</name>
    <message>
        <source>No model</source>
        <translation>Sin modelo</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>file name · number of nodes</comment>
        <translation>%1 · %2</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n nodo</numerusform>
            <numerusform>%n nodos</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for devices</source>
        <translation>Buscando dispositivos</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>%1 %</source>
        <comment>zoom</comment>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>lapidary::StepBar</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>Paso %1 de %2: %3</translation>
    </message>
</context>
<context>
    <name>lapidary::TabbedWindow</name>
    <message>
        <source>No model</source>
        <translation>Sin modelo</translation>
    </message>
</context>
<context>
    <name>lapidary::TargetStep</name>
    <message>
        <source>Size and access</source>
        <translation>Tamaño y acceso</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>Ejecutarlo</translation>
    </message>
    <message>
        <source>As a process of this computer</source>
        <translation>Como proceso de este equipo</translation>
    </message>
    <message>
        <source>With Podman</source>
        <translation>Con Podman</translation>
    </message>
    <message>
        <source>With Docker</source>
        <translation>Con Docker</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Puerto</translation>
    </message>
    <message>
        <source>Any free one</source>
        <translation>Cualquiera libre</translation>
    </message>
    <message>
        <source>Only this computer can reach it. The probes and the sample request are those that Azure would use.</source>
        <translation>Solo este equipo puede alcanzarlo. Los sondeos y la petición de ejemplo son los que usaría Azure.</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>Punto de conexión</translation>
    </message>
    <message>
        <source>Deployment</source>
        <translation>Implementación</translation>
    </message>
    <message>
        <source>Size of a machine</source>
        <translation>Tamaño de máquina</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>Máquinas</translation>
    </message>
    <message>
        <source>Callers send</source>
        <translation>Quien llama envía</translation>
    </message>
    <message>
        <source>A key</source>
        <translation>Una clave</translation>
    </message>
    <message>
        <source>A token of Azure Machine Learning</source>
        <translation>Un token de Azure Machine Learning</translation>
    </message>
    <message>
        <source>A token of Microsoft Entra</source>
        <translation>Un token de Microsoft Entra</translation>
    </message>
    <message>
        <source>Time for a request</source>
        <translation>Tiempo por petición</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>Peticiones a la vez</translation>
    </message>
    <message>
        <source>On each machine</source>
        <translation>En cada máquina</translation>
    </message>
    <message>
        <source>Machines are paid from the moment that they are there until the deployment is deleted; there is no sleep. More machines take 10 to 20 minutes to come.</source>
        <translation>Las máquinas se pagan desde que existen hasta que se elimina la implementación; no hay reposo. Añadir máquinas tarda de 10 a 20 minutos.</translation>
    </message>
    <message>
        <source>%1 processors, %2 GB</source>
        <comment>of a machine</comment>
        <translation>%1 procesadores, %2 GB</translation>
    </message>
    <message>
        <source>Container group</source>
        <translation>Grupo de contenedores</translation>
    </message>
    <message>
        <source>Name in the cluster</source>
        <translation>Nombre en el clúster</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>Proceso</translation>
    </message>
    <message>
        <source>Cluster to attach</source>
        <translation>Clúster que adjuntar</translation>
    </message>
    <message>
        <source>Instance type</source>
        <translation>Tipo de instancia</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>Espacio de nombres</translation>
    </message>
    <message>
        <source>Processors</source>
        <translation>Procesadores</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Réplicas</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Como máximo</translation>
    </message>
    <message>
        <source>Key for callers</source>
        <translation>Clave para quien llama</translation>
    </message>
    <message>
        <source>Share of the calls</source>
        <translation>Parte de las llamadas</translation>
    </message>
    <message>
        <source>Identity that pulls</source>
        <translation>Identidad que descarga</translation>
    </message>
    <message>
        <source>Secret with the key</source>
        <translation>Secreto con la clave</translation>
    </message>
    <message>
        <source>Secret that pulls</source>
        <translation>Secreto que descarga</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Clúster</translation>
    </message>
    <message>
        <source>Context of kubectl</source>
        <translation>Contexto de kubectl</translation>
    </message>
    <message>
        <source>Name of the Kubernetes compute in the workspace</source>
        <translation>Nombre del proceso de Kubernetes en el área de trabajo</translation>
    </message>
    <message>
        <source>Id of an AKS or Arc cluster; empty: it is attached already</source>
        <translation>Id. de un clúster AKS o Arc; vacío: ya está adjunto</translation>
    </message>
    <message>
        <source>Of the compute; empty: its default</source>
        <translation>Del proceso; vacío: el predeterminado</translation>
    </message>
    <message>
        <source> GB</source>
        <comment>gigabytes</comment>
        <translation> GB</translation>
    </message>
    <message>
        <source>No scaling</source>
        <translation>Sin escalado</translation>
    </message>
    <message>
        <source>Replicas when the load is high</source>
        <translation>Réplicas cuando la carga es alta</translation>
    </message>
    <message>
        <source> %</source>
        <comment>percent</comment>
        <translation> %</translation>
    </message>
    <message>
        <source>The other deployments of the endpoint share the rest</source>
        <translation>Las demás implementaciones del punto de conexión se reparten el resto</translation>
    </message>
    <message>
        <source>Id of an identity with AcrPull; empty: the registry&apos;s admin user</source>
        <translation>Id. de una identidad con AcrPull; vacío: el usuario administrador del registro</translation>
    </message>
    <message>
        <source>With the entry api-key; empty: anybody in the cluster may call</source>
        <translation>Con la entrada api-key; vacío: cualquiera del clúster puede llamar</translation>
    </message>
    <message>
        <source>Empty: the cluster may pull already</source>
        <translation>Vacío: el clúster ya puede descargar</translation>
    </message>
    <message>
        <source>Apply the manifests with kubectl</source>
        <translation>Aplicar los manifiestos con kubectl</translation>
    </message>
    <message>
        <source>Empty: the current one</source>
        <translation>Vacío: el actual</translation>
    </message>
    <message>
        <source>A container group speaks plain HTTP: whoever listens on the way can read requests and the key. Paid by the second until it is deleted.</source>
        <translation>Un grupo de contenedores habla HTTP sin cifrar: quien escuche por el camino puede leer las peticiones y la clave. Se paga por segundo hasta eliminarlo.</translation>
    </message>
    <message>
        <source>The cluster&apos;s machines are paid as before; nothing is added.</source>
        <translation>Las máquinas del clúster se pagan como antes; no se añade nada.</translation>
    </message>
    <message>
        <source>At least 16 letters. Callers need it; it is kept in the keychain, or nowhere.</source>
        <translation>Al menos 16 letras. Quien llama la necesita; se guarda en el llavero, o en ningún sitio.</translation>
    </message>
</context>
<context>
    <name>lapidary::TensorImageView</name>
    <message>
        <source>Picture</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Save Picture</source>
        <translation>Guardar imagen</translation>
    </message>
    <message>
        <source>PNG image (*.png)</source>
        <translation>Imagen PNG (*.png)</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Guardar imagen</translation>
    </message>
    <message>
        <source>Output as a picture</source>
        <translation>Salida como imagen</translation>
    </message>
    <message>
        <source>Ctrl and wheel zoom, dragging moves, a double click fits the picture</source>
        <translation>Ctrl y la rueda cambian el zoom, arrastrar mueve y un doble clic ajusta la imagen</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Intervalo</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation>0 a 1</translation>
    </message>
    <message>
        <source>−1 to 1</source>
        <translation>−1 a 1</translation>
    </message>
    <message>
        <source>0 to 255</source>
        <translation>0 a 255</translation>
    </message>
    <message>
        <source>Lowest to highest</source>
        <translation>Del mínimo al máximo</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>Grises</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>BGR</source>
        <translation>BGR</translation>
    </message>
    <message>
        <source>The first channel is blue</source>
        <translation>El primer canal es el azul</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Guardar como PNG…</translation>
    </message>
</context>
<context>
    <name>lapidary::TensorTable</name>
    <message>
        <source>Statistics</source>
        <translation>Estadísticas</translation>
    </message>
    <message>
        <source>min %1</source>
        <translation>mín. %1</translation>
    </message>
    <message>
        <source>max %1</source>
        <translation>máx. %1</translation>
    </message>
    <message>
        <source>mean %1</source>
        <translation>media %1</translation>
    </message>
    <message>
        <source>σ %1</source>
        <translation>σ %1</translation>
    </message>
    <message>
        <source>zeros %1</source>
        <translation>ceros %1</translation>
    </message>
    <message>
        <source>NaN %1</source>
        <translation>NaN %1</translation>
    </message>
    <message>
        <source>infinite %1</source>
        <translation>infinitos %1</translation>
    </message>
    <message>
        <source>elements %1</source>
        <translation>elementos %1</translation>
    </message>
    <message>
        <source>Dimension %1:</source>
        <translation>Dimensión %1:</translation>
    </message>
    <message>
        <source>Index along dimension %1</source>
        <translation>Índice en la dimensión %1</translation>
    </message>
    <message>
        <source>Elements of the tensor</source>
        <translation>Elementos del tensor</translation>
    </message>
    <message>
        <source>The grid shows the first %1 rows and %2 columns. Save the tensor to see all of it.</source>
        <translation>La tabla muestra las primeras %1 filas y %2 columnas. Guarda el tensor para verlo entero.</translation>
    </message>
</context>
<context>
    <name>lapidary::TensorTableModel</name>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
</context>
<context>
    <name>lapidary::TestStep</name>
    <message>
        <source>Call %1</source>
        <translation>Llamar a %1</translation>
    </message>
    <message>
        <source>There is no endpoint yet.</source>
        <translation>Todavía no hay punto de conexión.</translation>
    </message>
    <message>
        <source>Inputs of the Run page: %1</source>
        <translation>Entradas de la página Ejecutar: %1</translation>
    </message>
    <message>
        <source>Made-up inputs: its model is not open in this tab.</source>
        <translation>Entradas inventadas: su modelo no está abierto en esta pestaña.</translation>
    </message>
    <message>
        <source>The answer is %1.</source>
        <translation>La respuesta es %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) failed. The first: %1</source>
        <translation>
            <numerusform>Falló %n petición: %1</numerusform>
            <numerusform>Fallaron %n peticiones. La primera: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>… %1 in all</source>
        <translation>… %1 en total</translation>
    </message>
    <message>
        <source>Ask for the key of the endpoint</source>
        <translation>Pedir la clave del punto de conexión</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Guardar la petición</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>Archivos JSON (*.json)</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Enviando…</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Probar</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Copiar la dirección</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Copiar la clave</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Peticiones</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Progress of the requests</source>
        <translation>Progreso de las peticiones</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Tiempos</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Código</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>Punto de conexión</translation>
    </message>
    <message>
        <source>This computer, without a network</source>
        <translation>Este equipo, sin red</translation>
    </message>
    <message>
        <source>Endpoint, median</source>
        <translation>Punto de conexión, mediana</translation>
    </message>
    <message>
        <source>Of it, the model</source>
        <translation>De ello, el modelo</translation>
    </message>
    <message>
        <source>This computer, median</source>
        <translation>Este equipo, mediana</translation>
    </message>
    <message>
        <source>Answer to the first request</source>
        <translation>Respuesta a la primera petición</translation>
    </message>
    <message>
        <source>Press Send to see an answer.</source>
        <translation>Pulsa Enviar para ver una respuesta.</translation>
    </message>
    <message>
        <source>Language of the code</source>
        <translation>Lenguaje del código</translation>
    </message>
    <message>
        <source>Code that calls the endpoint</source>
        <translation>Código que llama al punto de conexión</translation>
    </message>
    <message>
        <source>Save request.json…</source>
        <translation>Guardar request.json…</translation>
    </message>
</context>
<context>
    <name>lapidary::TopKView</name>
    <message>
        <source>Class %1</source>
        <translation>Clase %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 (class %2)</source>
        <translation>%1 (clase %2)</translation>
    </message>
    <message>
        <source>Best classes</source>
        <translation>Mejores clases</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Number of classes shown</source>
        <translation>Número de clases mostradas</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Fila</translation>
    </message>
    <message>
        <source>Row of the batch</source>
        <translation>Fila del lote</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
    <message>
        <source>Turn raw scores into probabilities that sum to one</source>
        <translation>Convertir las puntuaciones en probabilidades que suman uno</translation>
    </message>
    <message>
        <source>Choose labels…</source>
        <translation>Elegir etiquetas…</translation>
    </message>
    <message>
        <source>Choose a text file with one class name in each line</source>
        <translation>Elegir un archivo de texto con un nombre de clase por línea</translation>
    </message>
</context>
<context>
    <name>lapidary::ValueHistogram</name>
    <message>
        <source>Distribution of the elements</source>
        <translation>Distribución de los elementos</translation>
    </message>
    <message>
        <source>%1 to %2: %3</source>
        <comment>range: count</comment>
        <translation>de %1 a %2: %3</translation>
    </message>
</context>
<context>
    <name>lapidary::ValueTree</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln más</numerusform>
            <numerusform>%Ln más</numerusform>
        </translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valores</translation>
    </message>
    <message>
        <source>Indices</source>
        <translation>Índices</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nada</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clave</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Items of the value</source>
        <translation>Elementos del valor</translation>
    </message>
</context>
<context>
    <name>lapidary::WatchStep</name>
    <message>
        <source>Look at %1</source>
        <translation>Mirar %1</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Vigilar</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Mirar otra vez</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Iniciar otra vez</translation>
    </message>
    <message>
        <source>Delete what was made…</source>
        <translation>Eliminar lo creado…</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>Peticiones por minuto</translation>
    </message>
    <message>
        <source>Latency (ms)</source>
        <translation>Latencia (ms)</translation>
    </message>
    <message>
        <source>What the server prints</source>
        <translation>Lo que imprime el servidor</translation>
    </message>
    <message>
        <source>Log of the server</source>
        <translation>Registro del servidor</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Nada todavía.</translation>
    </message>
    <message>
        <source>About %1 an hour by the list; since %2 about %3.</source>
        <translation>Unos %1 por hora según la lista; desde %2, unos %3.</translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <comment>deployment, percent</comment>
        <translation>%1 %2 %</translation>
    </message>
    <message>
        <source>Calls go to: %1</source>
        <translation>Las llamadas van a: %1</translation>
    </message>
    <message>
        <source>Divide the calls of %1</source>
        <translation>Repartir las llamadas de %1</translation>
    </message>
    <message>
        <source>This deployment gets</source>
        <translation>Esta implementación recibe</translation>
    </message>
    <message>
        <source> %</source>
        <comment>percent</comment>
        <translation> %</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Fijar</translation>
    </message>
</context>
<context>
    <name>lapidary::WeightPanel</name>
    <message>
        <source>Reading %1</source>
        <translation>Leyendo %1</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>Núcleos</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Mapa de calor</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>The wheel zooms, dragging moves, a double click fits the picture</source>
        <translation>La rueda amplía, arrastrar mueve, un doble clic ajusta la imagen</translation>
    </message>
    <message>
        <source>Three channels as red, green and blue, each filter from its lowest to its highest element</source>
        <translation>Tres canales como rojo, verde y azul, cada filtro de su elemento más bajo al más alto</translation>
    </message>
    <message>
        <source>Save Weight</source>
        <translation>Guardar peso</translation>
    </message>
    <message>
        <source>NumPy arrays (*.npy)</source>
        <translation>Matrices de NumPy (*.npy)</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>Guardar %1</translation>
    </message>
    <message>
        <source>Select a weight to see its elements: a row of a node, or a field of the properties.</source>
        <translation>Seleccione un peso para ver sus elementos: una fila de un nodo o un campo de las propiedades.</translation>
    </message>
    <message>
        <source>How the weight is shown</source>
        <translation>Cómo se muestra el peso</translation>
    </message>
    <message>
        <source>Save .npy…</source>
        <translation>Guardar .npy…</translation>
    </message>
</context>
<context>
    <name>lapidary::WindowActions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Ejecutar</translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation>&amp;Configuración</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>Abrir &amp;reciente</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>&amp;Paneles</translation>
    </message>
    <message>
        <source>&amp;Direction</source>
        <translation>&amp;Dirección</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>T&amp;ema</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Abrir…</translation>
    </message>
    <message>
        <source>Open &amp;sample</source>
        <translation>Abrir el &amp;ejemplo</translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation>&amp;Cerrar el modelo</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Graph</source>
        <translation>&amp;Grafo</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>E&amp;jecutar</translation>
    </message>
    <message>
        <source>&amp;Benchmark</source>
        <translation>&amp;Rendimiento</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Acercar</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>A&amp;lejar</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>&amp;Tamaño real</translation>
    </message>
    <message>
        <source>&amp;Fit to window</source>
        <translation>Aj&amp;ustar a la ventana</translation>
    </message>
    <message>
        <source>Go to &amp;selection</source>
        <translation>Ir a la &amp;selección</translation>
    </message>
    <message>
        <source>Top to &amp;bottom</source>
        <translation>De &amp;arriba abajo</translation>
    </message>
    <message>
        <source>Left to &amp;right</source>
        <translation>De &amp;izquierda a derecha</translation>
    </message>
    <message>
        <source>Like the &amp;system</source>
        <translation>Como el &amp;sistema</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Claro</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Oscuro</translation>
    </message>
    <message>
        <source>&amp;Run model</source>
        <translation>&amp;Ejecutar el modelo</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Detener</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>A&amp;tajos de teclado</translation>
    </message>
    <message>
        <source>&amp;About Lapidary</source>
        <translation>&amp;Acerca de Lapidary</translation>
    </message>
    <message>
        <source>&amp;Groups</source>
        <translation>&amp;Grupos</translation>
    </message>
    <message>
        <source>&amp;Open one more level</source>
        <translation>&amp;Abrir un nivel más</translation>
    </message>
    <message>
        <source>&amp;Close one level</source>
        <translation>&amp;Cerrar un nivel</translation>
    </message>
    <message>
        <source>&amp;Group the nodes, or not</source>
        <translation>A&amp;grupar los nodos, o no</translation>
    </message>
    <message>
        <source>Selection &amp;before</source>
        <translation>Selección &amp;anterior</translation>
    </message>
    <message>
        <source>Selection af&amp;ter</source>
        <translation>Selección &amp;siguiente</translation>
    </message>
    <message>
        <source>S&amp;earch…</source>
        <translation>&amp;Buscar…</translation>
    </message>
    <message>
        <source>&amp;Next hit</source>
        <translation>Resultado s&amp;iguiente</translation>
    </message>
    <message>
        <source>Pre&amp;vious hit</source>
        <translation>Resultado an&amp;terior</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Edición</translation>
    </message>
    <message>
        <source>Re&amp;load</source>
        <translation>Re&amp;cargar</translation>
    </message>
    <message>
        <source>&amp;Export graph…</source>
        <translation>&amp;Exportar el grafo…</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>&amp;Imprimir…</translation>
    </message>
    <message>
        <source>&amp;Copy as text</source>
        <translation>&amp;Copiar como texto</translation>
    </message>
    <message>
        <source>&amp;Reload a changed file by itself</source>
        <translation>&amp;Recargar solo un archivo que cambie</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Comparar</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Guardar</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Guardar &amp;como…</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Deshacer</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rehacer</translation>
    </message>
    <message>
        <source>Rena&amp;me…</source>
        <translation>Cambiar &amp;nombre…</translation>
    </message>
    <message>
        <source>&amp;Sizes of inputs…</source>
        <translation>&amp;Tamaños de las entradas…</translation>
    </message>
    <message>
        <source>&amp;Properties of the model…</source>
        <translation>&amp;Propiedades del modelo…</translation>
    </message>
    <message>
        <source>&amp;Extract a part…</source>
        <translation>&amp;Extraer una parte…</translation>
    </message>
    <message>
        <source>Remove &amp;identities</source>
        <translation>Quitar &amp;identidades</translation>
    </message>
    <message>
        <source>Com&amp;pare with the file</source>
        <translation>Com&amp;parar con el archivo</translation>
    </message>
    <message>
        <source>&amp;Open the last models at the start</source>
        <translation>&amp;Abrir los últimos modelos al iniciar</translation>
    </message>
    <message>
        <source>Ne&amp;xt tab</source>
        <translation>Pestaña &amp;siguiente</translation>
    </message>
    <message>
        <source>Previous ta&amp;b</source>
        <translation>Pestaña &amp;anterior</translation>
    </message>
    <message>
        <source>&amp;Deploy</source>
        <translation>I&amp;mplementar</translation>
    </message>
</context>
<context>
    <name>lapidary::WindowDocks</name>
    <message>
        <source>Properties</source>
        <translation>Propiedades</translation>
    </message>
    <message>
        <source>Documentation</source>
        <translation>Documentación</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Problemas</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tareas</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
</context>
<context>
    <name>lapidary::WorkspaceChooser</name>
    <message>
        <source>Open the workspace&apos;s config.json</source>
        <translation>Abrir el config.json del área de trabajo</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>Archivos JSON (*.json)</translation>
    </message>
    <message>
        <source>Save the workspace as config.json</source>
        <translation>Guardar el área de trabajo como config.json</translation>
    </message>
    <message>
        <source>List the subscriptions</source>
        <translation>Enumerar las suscripciones</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>List the workspaces</source>
        <translation>Enumerar las áreas de trabajo</translation>
    </message>
    <message>
        <source>%1 in %2, subscription %3</source>
        <translation>%1 en %2, suscripción %3</translation>
    </message>
    <message>
        <source>No workspace is chosen yet.</source>
        <translation>Todavía no se ha elegido un área de trabajo.</translation>
    </message>
    <message>
        <source>Open config.json…</source>
        <translation>Abrir config.json…</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Guardar…</translation>
    </message>
    <message>
        <source>Save the chosen workspace as config.json</source>
        <translation>Guardar el área de trabajo elegida como config.json</translation>
    </message>
    <message>
        <source>Subscription</source>
        <translation>Suscripción</translation>
    </message>
    <message>
        <source>Sign in to see them</source>
        <translation>Inicia sesión para verlas</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Área de trabajo</translation>
    </message>
    <message>
        <source>Choose a workspace</source>
        <translation>Elige un área de trabajo</translation>
    </message>
</context>
<context>
    <name>metrics</name>
    <message>
        <source>Requests a minute</source>
        <translation>Peticiones por minuto</translation>
    </message>
    <message>
        <source>Latency, median</source>
        <translation>Latencia, mediana</translation>
    </message>
    <message>
        <source>Latency, p99</source>
        <translation>Latencia, p99</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Procesador</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Memoria</translation>
    </message>
    <message>
        <source>Processor, millicores</source>
        <translation>Procesador, milinúcleos</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Peticiones</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fallidas</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Run of the model, mean</source>
        <translation>Ejecución del modelo, media</translation>
    </message>
    <message>
        <source>Waiting, mean</source>
        <translation>Espera, media</translation>
    </message>
</context>
<context>
    <name>model comparison</name>
    <message>
        <source>Differences</source>
        <translation>Diferencias</translation>
    </message>
    <message>
        <source>added</source>
        <translation>añadido</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>quitado</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>cambiado</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>igual</translation>
    </message>
    <message>
        <source>Relative error</source>
        <translation>Error relativo</translation>
    </message>
</context>
<context>
    <name>model properties</name>
    <message>
        <source>Nodes</source>
        <translation>Nodos</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parámetros</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n tensor(s)</source>
        <translation>
            <numerusform>%1 en %n tensor</numerusform>
            <numerusform>%1 en %n tensores</numerusform>
        </translation>
    </message>
    <message>
        <source>File size</source>
        <translation>Tamaño</translation>
    </message>
    <message numerus="yes">
        <source>without %n node(s) of unknown shape</source>
        <translation>
            <numerusform>sin %n nodo de forma desconocida</numerusform>
            <numerusform>sin %n nodos de forma desconocida</numerusform>
        </translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Origen</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Grafo</translation>
    </message>
    <message>
        <source>Producer</source>
        <translation>Productor</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Dominio</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>ONNX IR</source>
        <translation>IR de ONNX</translation>
    </message>
    <message>
        <source>Operator sets</source>
        <translation>Conjuntos de operadores</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Graph notes</source>
        <translation>Notas</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Salidas</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadatos</translation>
    </message>
    <message>
        <source>Functions</source>
        <translation>Funciones</translation>
    </message>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n nodo</numerusform>
            <numerusform>%n nodos</numerusform>
        </translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>Operadores</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Trabajo</translation>
    </message>
    <message>
        <source>Operations of one run: a multiplication and an addition are two, an elementwise operator is one for each element</source>
        <translation>Operaciones de una ejecución: una multiplicación y una suma son dos, un operador elemento a elemento es una por elemento</translation>
    </message>
    <message numerus="yes">
        <source>without %n node(s) whose work depends on the values</source>
        <translation>
            <numerusform>sin %n nodo cuyo trabajo depende de los valores</numerusform>
            <numerusform>sin %n nodos cuyo trabajo depende de los valores</numerusform>
        </translation>
    </message>
    <message>
        <source>Peak of values</source>
        <translation>Pico de valores</translation>
    </message>
    <message>
        <source>Most memory that values between nodes need at one time, weights apart</source>
        <translation>La mayor memoria que necesitan a la vez los valores entre nodos, aparte de los pesos</translation>
    </message>
    <message>
        <source>at %1</source>
        <translation>en %1</translation>
    </message>
    <message numerus="yes">
        <source>without %n value(s) of unknown size</source>
        <translation>
            <numerusform>sin %n valor de tamaño desconocido</numerusform>
            <numerusform>sin %n valores de tamaño desconocido</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more value(s) at the peak</source>
        <translation>
            <numerusform>y %n valor más en el pico</numerusform>
            <numerusform>y %n valores más en el pico</numerusform>
        </translation>
    </message>
    <message>
        <source>One run</source>
        <translation>Una ejecución</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Contando…</translation>
    </message>
    <message>
        <source>%1 in the main graph</source>
        <translation>%1 en el grafo principal</translation>
    </message>
</context>
<context>
    <name>node properties</name>
    <message>
        <source>not connected</source>
        <translation>sin conectar</translation>
    </message>
    <message>
        <source>%1 · weight, %2</source>
        <translation>%1 · peso, %2</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Atributos</translation>
    </message>
    <message>
        <source>type not known</source>
        <translation>tipo desconocido</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Nodo</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Operator set</source>
        <translation>Conjunto de operadores</translation>
    </message>
    <message>
        <source>%1, version %2</source>
        <translation>%1, versión %2</translation>
    </message>
    <message>
        <source>Overload</source>
        <translation>Sobrecarga</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>Salidas</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadatos</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>sin definir</translation>
    </message>
    <message>
        <source>default</source>
        <translation>por defecto</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Cuantización</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Trabajo</translation>
    </message>
    <message>
        <source>shapes are not known</source>
        <translation>no se conocen las formas</translation>
    </message>
    <message>
        <source>does not follow from shapes</source>
        <translation>no se deduce de las formas</translation>
    </message>
    <message>
        <source>operator of version %1</source>
        <translation>operador de la versión %1</translation>
    </message>
</context>
<context>
    <name>numbers</name>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation>%1 kB</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 TFLOP</source>
        <translation>%1 TFLOP</translation>
    </message>
    <message>
        <source>%1 GFLOP</source>
        <translation>%1 GFLOP</translation>
    </message>
    <message>
        <source>%1 MFLOP</source>
        <translation>%1 MFLOP</translation>
    </message>
    <message>
        <source>%1 kFLOP</source>
        <translation>%1 kFLOP</translation>
    </message>
    <message>
        <source>%1 FLOP</source>
        <translation>%1 FLOP</translation>
    </message>
</context>
<context>
    <name>quantization</name>
    <message>
        <source>scale</source>
        <translation>escala</translation>
    </message>
    <message>
        <source>zero point</source>
        <translation>punto cero</translation>
    </message>
    <message>
        <source>real = %1 × q</source>
        <translation>real = %1 × q</translation>
    </message>
    <message>
        <source>real = %1 × (q − %2)</source>
        <translation>real = %1 × (q − %2)</translation>
    </message>
    <message>
        <source>%1 scales, one for each block of %2 along axis %3</source>
        <translation>%1 escalas, una por cada bloque de %2 en el eje %3</translation>
    </message>
    <message>
        <source>%1 scales along axis %2</source>
        <translation>%1 escalas en el eje %2</translation>
    </message>
    <message>
        <source>%1 scales, one for each channel</source>
        <translation>%1 escalas, una por canal</translation>
    </message>
</context>
<context>
    <name>search</name>
    <message>
        <source>Both words, anywhere in the name, operator, attributes or tensors</source>
        <translation>Ambas palabras, en el nombre, el operador, los atributos o los tensores</translation>
    </message>
    <message>
        <source>One of two operators; op:Conv* for all that start with it</source>
        <translation>Uno de dos operadores; op:Conv* para todos los que empiezan así</translation>
    </message>
    <message>
        <source>An attribute; any name can be the key</source>
        <translation>Un atributo; cualquier nombre puede ser la clave</translation>
    </message>
    <message>
        <source>Compare numbers: &gt; &gt;= &lt; &lt;= = != 10..20, with k, M, G</source>
        <translation>Comparar números: &gt; &gt;= &lt; &lt;= = != 10..20, con k, M, G</translation>
    </message>
    <message>
        <source>A shape; * is any size, ... any number of sizes</source>
        <translation>Una forma; * es cualquier tamaño, ... cualquier cantidad de tamaños</translation>
    </message>
    <message>
        <source>A data type</source>
        <translation>Un tipo de datos</translation>
    </message>
    <message>
        <source>Weights by name and size</source>
        <translation>Pesos por nombre y tamaño</translation>
    </message>
    <message>
        <source>What reads a tensor; out: is what writes it</source>
        <translation>Lo que lee un tensor; out: es lo que lo escribe</translation>
    </message>
    <message>
        <source>A minus excludes, slashes hold a regular expression</source>
        <translation>Un menos excluye, entre barras va una expresión regular</translation>
    </message>
    <message>
        <source>Nodes in a chain; * is any one node, ** any few</source>
        <translation>Nodos en cadena; * es un nodo cualquiera, ** unos cuantos</translation>
    </message>
    <message>
        <source>Not a regular expression: %1</source>
        <translation>No es una expresión regular: %1</translation>
    </message>
    <message>
        <source>“%1” is no number; &gt;1M, 3 and 10..20 are some.</source>
        <translation>«%1» no es un número; &gt;1M, 3 y 10..20 sí lo son.</translation>
    </message>
    <message>
        <source>“%1” is no kind: node, tensor, weight, input, output.</source>
        <translation>«%1» no es una clase: node, tensor, weight, input, output.</translation>
    </message>
    <message>
        <source>“%1”: texts are not greater or less than others.</source>
        <translation>«%1»: los textos no son mayores ni menores que otros.</translation>
    </message>
    <message>
        <source>There is no node before this arrow; * is any.</source>
        <translation>No hay un nodo antes de esta flecha; * es cualquiera.</translation>
    </message>
    <message>
        <source>Which node comes after the arrow? * is any.</source>
        <translation>¿Qué nodo sigue a la flecha? * es cualquiera.</translation>
    </message>
    <message>
        <source>A chain needs at least one node that is not just any.</source>
        <translation>Una cadena necesita al menos un nodo que no sea cualquiera.</translation>
    </message>
    <message>
        <source>A chain has at most %1 nodes.</source>
        <translation>Una cadena tiene como máximo %1 nodos.</translation>
    </message>
    <message>
        <source>Character %1: %2</source>
        <translation>Carácter %1: %2</translation>
    </message>
</context>
<context>
    <name>selection text</name>
    <message>
        <source>not connected</source>
        <translation>sin conectar</translation>
    </message>
    <message>
        <source> (weight)</source>
        <translation> (peso)</translation>
    </message>
    <message>
        <source>Operator: %1</source>
        <translation>Operador: %1</translation>
    </message>
    <message>
        <source>Inputs:</source>
        <translation>Entradas:</translation>
    </message>
    <message>
        <source>Outputs:</source>
        <translation>Salidas:</translation>
    </message>
    <message>
        <source>Attributes:</source>
        <translation>Atributos:</translation>
    </message>
    <message>
        <source>Weight of the model</source>
        <translation>Peso del modelo</translation>
    </message>
    <message>
        <source>Made by: %1</source>
        <translation>Lo produce: %1</translation>
    </message>
    <message>
        <source>Used by:</source>
        <translation>Lo usan:</translation>
    </message>
    <message>
        <source>Nodes:</source>
        <translation>Nodos:</translation>
    </message>
</context>
<context>
    <name>takeAway</name>
    <message>
        <source>Delete what was made</source>
        <translation>Eliminar lo creado</translation>
    </message>
    <message>
        <source>What these steps made is deleted, and nothing else:</source>
        <translation>Se elimina lo que crearon estos pasos, y nada más:</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
</context>
<context>
    <name>targets</name>
    <message>
        <source>This computer</source>
        <translation>Este equipo</translation>
    </message>
    <message>
        <source>The very image that a cloud would get, as a process or in a container. No account is needed.</source>
        <translation>La misma imagen que recibiría una nube, como proceso o en un contenedor. No hace falta cuenta.</translation>
    </message>
    <message>
        <source>Azure: managed online endpoint</source>
        <translation>Azure: punto de conexión en línea administrado</translation>
    </message>
    <message>
        <source>Azure Machine Learning keeps the machines. Paid by the hour until it is deleted.</source>
        <translation>Azure Machine Learning mantiene las máquinas. Se paga por hora hasta eliminarlo.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>En curso…</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Eliminada</translation>
    </message>
    <message>
        <source>Deployed</source>
        <translation>Implementada</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fallidas</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Detenida</translation>
    </message>
    <message>
        <source>Azure: Kubernetes online endpoint</source>
        <translation>Azure: punto de conexión en línea de Kubernetes</translation>
    </message>
    <message>
        <source>On a cluster that is attached to the workspace, AKS or Arc.</source>
        <translation>En un clúster adjunto al área de trabajo, AKS o Arc.</translation>
    </message>
    <message>
        <source>Azure: container instance</source>
        <translation>Azure: instancia de contenedor</translation>
    </message>
    <message>
        <source>One container with an address of its own, for trials. Plain HTTP.</source>
        <translation>Un contenedor con dirección propia, para pruebas. HTTP sin cifrar.</translation>
    </message>
    <message>
        <source>Any Kubernetes cluster</source>
        <translation>Cualquier clúster de Kubernetes</translation>
    </message>
    <message>
        <source>Manifests with probes, limits and scaling, written or applied by kubectl.</source>
        <translation>Manifiestos con sondeos, límites y escalado, escritos o aplicados por kubectl.</translation>
    </message>
</context>
<context>
    <name>value properties</name>
    <message>
        <source>Weight</source>
        <translation>Peso</translation>
    </message>
    <message>
        <source>Model input</source>
        <translation>Entrada del modelo</translation>
    </message>
    <message>
        <source>Model output</source>
        <translation>Salida del modelo</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Elements</source>
        <translation>Elementos</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Almacenamiento</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Usado por</translation>
    </message>
    <message numerus="yes">
        <source>and %n more node(s)</source>
        <translation>
            <numerusform>y %n nodo más</numerusform>
            <numerusform>y %n nodos más</numerusform>
        </translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>Mínimo</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Máximo</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Media</translation>
    </message>
    <message>
        <source>Std. deviation</source>
        <translation>Desv. estándar</translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation>Ceros</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>Infinite</source>
        <translation>Infinitos</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valores</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Leyendo…</translation>
    </message>
    <message>
        <source>First values</source>
        <translation>Primeros valores</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Denotation</source>
        <translation>Denotación</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>Cuantización</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Producido por</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message numerus="yes">
        <source>%n element(s) beyond five deviations are not in the plot</source>
        <translation>
            <numerusform>%n elemento más allá de cinco desviaciones no está en el gráfico</numerusform>
            <numerusform>%n elementos más allá de cinco desviaciones no están en el gráfico</numerusform>
        </translation>
    </message>
    <message>
        <source>Heat map, table, save…</source>
        <translation>Mapa de calor, tabla, guardar…</translation>
    </message>
</context>
</TS>
